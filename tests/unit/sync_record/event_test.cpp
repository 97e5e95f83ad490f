// SPDX-License-Identifier: Apache-2.0
#include "sync/record/event.h"

#include <gtest/gtest.h>

namespace anjungan::record {
namespace {

Event sample() {
  Event event;
  event.device = "3273-0012";
  event.seq = 17;
  event.id = Uuid::make(1'795'256'520'000);
  event.type = EventType::complaint_created;
  event.subject = Uuid::make(1'795'256'520'000);
  event.time_ms = 1'795'256'521'123;
  event.boot = "00000000-0000-0000-0000-000000000000";
  event.monotonic_ms = 12'345;
  event.office = "MPP \"Kota\" Bandung\\é\n";
  ComplaintFacts facts;
  facts.number = {3273, 12, 427};
  facts.category = "jalan.lubang";
  facts.due = DueDates{{2026, 11, 26}, {2026, 12, 11}, {2026, 12, 29}, {2027, 1, 20}};
  event.facts = to_facts(facts);
  auto key = DataKey::prepare({SealingKey::generate().public_key(), SealingKey::generate().public_key()});
  event.sealed = std::move(*key).seal(seal_context(event), view_of("{}"));
  event.blobs = {hash(view_of("a"))};
  event.prev = hash(view_of("before"));
  return event;
}

Bytes replaced(const Bytes& bytes, std::string_view what, std::string_view with) {
  std::string text = to_text(bytes);
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  if (at != std::string::npos) text.replace(at, what.size(), with);
  return Bytes(text.begin(), text.end());
}

TEST(Event, ComesBackWhole) {
  const Event before = sample();
  auto bytes = write_event(before);
  ASSERT_TRUE(bytes);
  auto after = parse_event(*bytes);
  ASSERT_TRUE(after) << after.error().text;
  EXPECT_EQ(after->device, before.device);
  EXPECT_EQ(after->seq, before.seq);
  EXPECT_EQ(after->id, before.id);
  EXPECT_EQ(after->office, before.office);
  EXPECT_EQ(after->facts, before.facts);
  EXPECT_EQ(after->blobs, before.blobs);
  EXPECT_EQ(after->prev, before.prev);
  EXPECT_EQ(after->time_ms, before.time_ms);
  ASSERT_TRUE(after->sealed);
  EXPECT_EQ(after->sealed->cipher, before.sealed->cipher);
  EXPECT_EQ(after->sealed->envelopes.size(), 2U);
  // Writing what was read gives the same bytes: nothing was lost or guessed.
  EXPECT_EQ(write_event(*after), *bytes);
  auto facts = complaint_facts(after->facts);
  ASSERT_TRUE(facts) << facts.error().text;
  EXPECT_EQ(facts->number.str(), TrackingNumber({3273, 12, 427}).str());
  EXPECT_EQ(facts->due->answer.str(), "2026-12-11");
}

TEST(Event, RefusesWhatIsNotOfTheFormat) {
  const Bytes good = *write_event(sample());
  EXPECT_FALSE(parse_event({}));
  EXPECT_FALSE(parse_event(replaced(good, "\"v\":1", "\"v\":2")));
  EXPECT_FALSE(parse_event(replaced(good, "\"seq\":17", "\"seq\":0")));
  EXPECT_FALSE(parse_event(replaced(good, "\"seq\":17", "\"seq\":17.0")));
  EXPECT_FALSE(parse_event(replaced(good, "\"seq\":17", "\"seq\":18446744073709551617")));
  EXPECT_FALSE(parse_event(replaced(good, "\"seq\":17", "\"seq\":17,\"seq\":17")));
  EXPECT_FALSE(parse_event(replaced(good, "\"seq\":17", "\"seq\":17,\"more\":1")));
  EXPECT_FALSE(parse_event(replaced(good, "\"seq\":17,", "")));
  EXPECT_FALSE(parse_event(replaced(good, "complaint.created", "complaint.invented")));
  EXPECT_FALSE(parse_event(replaced(good, "\"class\":\"complaint\"", "\"class\":1")));
  EXPECT_FALSE(parse_event(replaced(good, "jalan.lubang", "jalan\xff.lubang")));
  EXPECT_FALSE(parse_event(replaced(good, "\"nonce\":\"", "\"nonce\":\"A")));
  EXPECT_FALSE(parse_event(view_of("")));
  EXPECT_FALSE(parse_event(view_of("[]")));
  EXPECT_FALSE(parse_event(view_of(std::string(200'000, '['))));
  EXPECT_FALSE(parse_event(Bytes(k_most_event_bytes + 1, '{')));
  std::string more = to_text(good) + " {}";
  EXPECT_FALSE(parse_event(view_of(more)));
}

TEST(Event, RefusesToWriteWhatNobodyWouldRead) {
  Event event = sample();
  event.facts["long"] = std::string(5'000, 'a');
  EXPECT_FALSE(write_event(event));
  event = sample();
  event.facts["bad"] = "\xc3(";
  EXPECT_FALSE(write_event(event));
  event = sample();
  event.seq = 0;
  EXPECT_FALSE(write_event(event));
}

TEST(PersonalPart, ComesBack) {
  Complaint complaint;
  complaint.story = "Baris satu\n\"dua\" \\ 👍";
  complaint.name = "Sumiati Contoh";
  auto fields = parse_personal_json(personal_json(complaint));
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->at("story"), complaint.story);
  EXPECT_EQ(fields->at("name"), complaint.name);
  EXPECT_EQ(fields->size(), 2U);
}

}  // namespace
}  // namespace anjungan::record
