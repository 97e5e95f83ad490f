// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/sync_central/hall.h"

namespace anjungan::central {
namespace {

TEST(Threat24, WaitsForTheAdministratorAndAnswersTheSameKeyAgain) {
  Hall hall;
  hall.enrol();
  EXPECT_EQ(hall.grant.device.str(), "3273-0001");
  EXPECT_EQ(hall.grant.public_url, "https://lapor.example.go.id");
  EXPECT_EQ(hall.centre->confirm("3273-0001").error().kind, record::ErrorKind::conflict);
}

TEST(Threat24, ACodeServesOnePairOfKeys) {
  Hall hall;
  const std::string code = hall.centre->make_enrol_code(3273, "MPP", "")->code;
  EXPECT_EQ(hall.centre->enrol(hall.enrol_request(code)).status, 202U);
  hall.receipt_key = record::SigningKey::generate();
  EXPECT_EQ(hall.centre->enrol(hall.enrol_request(code)).status, 409U);
}

TEST(Threat24, AnExpiredOrUnknownCodeIsRefused) {
  Hall hall;
  const std::string code = hall.centre->make_enrol_code(3273, "MPP", "")->code;
  EXPECT_EQ(hall.centre->enrol(hall.enrol_request(wire::EnrolCode::random().str())).status, 404U);
  hall.terminal.clock.now_ms += 15 * 60 * 1000;
  EXPECT_EQ(hall.centre->enrol(hall.enrol_request(code)).status, 410U);
  EXPECT_EQ(hall.centre->enrol(record::Bytes(10, 0)).status, 400U);
}

TEST(Enrolment, NamesWhatIsMissing) {
  Hall hall;
  EXPECT_TRUE(hall.centre->make_enrol_code(0, "MPP", "").error().text.starts_with("region: "));
  EXPECT_TRUE(hall.centre->make_enrol_code(3273, "", "").error().text.starts_with("office: "));
}

TEST(Enrolment, KeysAndEpochSurviveARestart) {
  Hall hall;
  hall.enrol();
  hall.submit();
  hall.open_centre();
  EXPECT_TRUE(hall.send(hall.batch(1, 1)));
}

}  // namespace
}  // namespace anjungan::central
