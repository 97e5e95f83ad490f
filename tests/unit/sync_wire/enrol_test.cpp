// SPDX-License-Identifier: Apache-2.0
#include "sync/wire/enrol.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/sync_wire/samples.h"

namespace anjungan::wire {
namespace {

using record::Bytes;
using record::ErrorKind;

constexpr std::string_view k_alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

TEST(EnrolCode, ReadsWhatPeopleType) {
  const EnrolCode code = EnrolCode::random();
  const std::string text = code.str();
  ASSERT_EQ(text.size(), 17U);
  std::string lower = text;
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::string bare = text;
  std::erase(bare, '-');
  std::string confused = bare;
  for (char& c : confused) c = c == '0' ? 'o' : c == '1' ? 'l' : c;
  for (const std::string& typed : {text, lower, bare, confused, " " + text + " "}) {
    const auto parsed = EnrolCode::parse(typed);
    ASSERT_TRUE(parsed.has_value()) << typed << ": " << parsed.error().text;
    EXPECT_EQ(parsed->str(), text);
    EXPECT_EQ(parsed->lookup_id(), code.lookup_id());
    EXPECT_EQ(parsed->mac_key(), code.mac_key());
  }
}

TEST(EnrolCode, EveryWrongCharacterEverySwapAndEveryPairOfErrorsIsCaught) {
  std::string good = test::code().str();
  std::erase(good, '-');
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char c : k_alphabet) {
      std::string one = good;
      one[i] = c;
      EXPECT_EQ(EnrolCode::parse(one).has_value(), c == good[i]);
      for (std::size_t j = i + 1; c != good[i] && j < good.size(); ++j) {
        for (const char d : k_alphabet) {
          std::string two = one;
          two[j] = d;
          ASSERT_FALSE(EnrolCode::parse(two).has_value()) << two;
        }
      }
    }
    if (i + 1 < good.size() && good[i] != good[i + 1]) {
      std::string swapped = good;
      std::swap(swapped[i], swapped[i + 1]);
      EXPECT_FALSE(EnrolCode::parse(swapped).has_value());
    }
  }
}

TEST(EnrolCode, OtherLengthsAndCharactersAreRefused) {
  const std::string good = test::code().str();
  for (const std::string& bad : {std::string(), good.substr(1), good + "0", std::string("7K3M-9QXT-2B4D-E!"),
                                 std::string(1000, '-') + good, std::string(14, 'U')}) {
    const auto parsed = EnrolCode::parse(bad);
    ASSERT_FALSE(parsed.has_value()) << bad;
    EXPECT_EQ(parsed.error().kind, ErrorKind::invalid);
  }
}

TEST(EnrolCode, IsRandomInEveryPlace) {
  std::vector<std::set<char>> seen(17);
  for (int i = 0; i < 2000; ++i) {
    const std::string text = EnrolCode::random().str();
    for (std::size_t at = 0; at < text.size(); ++at) seen[at].insert(text[at]);
  }
  for (std::size_t at = 0; at < seen.size(); ++at) EXPECT_EQ(seen[at].size(), at % 5 == 4 ? 1U : 32U) << at;
}

TEST(EnrolRequest, ProvesTheCodeAndBothKeys) {
  const Bytes message = test::enrol_request_message();
  const auto parsed = UnverifiedEnrolRequest::parse(message);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().text;
  EXPECT_EQ(parsed->code_id(), test::code().lookup_id());
  EXPECT_EQ(parsed->digest(), message_digest(message));
  const auto request = parsed->verify(test::code().mac_key());
  ASSERT_TRUE(request.has_value()) << request.error().text;
  EXPECT_EQ(request->receipt_key, test::receipt_key().public_key());
  EXPECT_EQ(request->device_key, test::device_key().public_key());
  EXPECT_EQ(request->software, "anjungan 0.1.0");
}

TEST(EnrolRequest, IsTheSameBytesEachTime) { EXPECT_EQ(test::enrol_request_message(), test::enrol_request_message()); }

TEST(EnrolRequest, EveryByteThatIsTouchedIsNoticed) {
  const Bytes good = test::enrol_request_message();
  const auto mac_key = test::code().mac_key();
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes bad = good;
    bad[at] = static_cast<std::uint8_t>(bad[at] ^ 0x04);
    const auto parsed = UnverifiedEnrolRequest::parse(bad);
    EXPECT_FALSE(parsed.has_value() && parsed->verify(mac_key).has_value()) << "byte " << at;
  }
}

TEST(EnrolRequest, ASenderWithoutTheCodeIsDenied) {
  const auto parsed = UnverifiedEnrolRequest::parse(test::enrol_request_message());
  ASSERT_TRUE(parsed.has_value());
  const auto request = parsed->verify(EnrolCode::random().mac_key());
  ASSERT_FALSE(request.has_value());
  EXPECT_EQ(request.error().kind, ErrorKind::denied);
}

TEST(EnrolRequest, OneKeyForBothPurposesIsRefused) {
  const auto message = encode_enrol_request(test::code(), "anjungan", test::device_key(), test::device_key());
  ASSERT_TRUE(message.has_value());
  EXPECT_FALSE(UnverifiedEnrolRequest::parse(*message).has_value());
}

TEST(EnrolAnswer, GrantComesBackAsSent) {
  const record::Hash digest = message_digest(test::enrol_request_message());
  EnrolAnswer answer;
  answer.grant = test::grant();
  answer.server_time_ms = 1'786'512'720'000;
  const auto message = encode_enrol_answer(answer, digest, test::code().mac_key());
  ASSERT_TRUE(message.has_value()) << message.error().text;
  const auto got = open_enrol_answer(*message, test::code(), digest);
  ASSERT_TRUE(got.has_value()) << got.error().text;
  ASSERT_FALSE(got->pending());
  EXPECT_EQ(got->server_time_ms, answer.server_time_ms);
  EXPECT_EQ(got->grant->device, answer.grant->device);
  EXPECT_EQ(got->grant->office, answer.grant->office);
  EXPECT_EQ(got->grant->place, answer.grant->place);
  EXPECT_EQ(got->grant->public_url, answer.grant->public_url);
  EXPECT_EQ(got->grant->root, answer.grant->root);
  EXPECT_EQ(got->grant->key_manifest, answer.grant->key_manifest);
  EXPECT_EQ(got->grant->epoch, answer.grant->epoch);
  EXPECT_EQ(got->grant->join_counter, answer.grant->join_counter);
  for (std::size_t at = 0; at < message->size(); ++at) {
    Bytes bad = *message;
    bad[at] = static_cast<std::uint8_t>(bad[at] ^ 0x10);
    ASSERT_FALSE(open_enrol_answer(bad, test::code(), digest).has_value()) << "byte " << at;
  }
}

TEST(EnrolAnswer, PendingHoldsNoGrant) {
  const record::Hash digest = message_digest(test::enrol_request_message());
  const auto message = encode_enrol_answer(EnrolAnswer{}, digest, test::code().mac_key());
  ASSERT_TRUE(message.has_value());
  const auto got = open_enrol_answer(*message, test::code(), digest);
  ASSERT_TRUE(got.has_value());
  EXPECT_TRUE(got->pending());
}

TEST(EnrolAnswer, OfACentreWithoutTheCodeOrForOtherKeysIsDenied) {
  const record::Hash digest = message_digest(test::enrol_request_message());
  EnrolAnswer answer;
  answer.grant = test::grant();
  const auto stranger = encode_enrol_answer(answer, digest, EnrolCode::random().mac_key());
  ASSERT_TRUE(stranger.has_value());
  const auto refused = open_enrol_answer(*stranger, test::code(), digest);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  const auto other = encode_enrol_answer(answer, record::Hash{}, test::code().mac_key());
  ASSERT_TRUE(other.has_value());
  EXPECT_FALSE(open_enrol_answer(*other, test::code(), digest).has_value());
}

TEST(EnrolAnswer, AGrantWhoseManifestTheRootDidNotSignCannotBeMade) {
  EnrolAnswer answer;
  answer.grant = test::grant();
  answer.grant->root = test::stranger_key().public_key();
  EXPECT_FALSE(encode_enrol_answer(answer, {}, test::code().mac_key()).has_value());
}

TEST(KeyManifest, OpensWithItsRootOnly) {
  EXPECT_EQ(open_key_manifest(test::manifest_message(), test::root_key().public_key()).value(), test::manifest());
  const auto other = open_key_manifest(test::manifest_message(), test::stranger_key().public_key());
  ASSERT_FALSE(other.has_value());
  EXPECT_EQ(other.error().kind, ErrorKind::denied);
}

TEST(KeyManifest, NeedsAKeyOfEachKindAndKeepsItsLimits) {
  const auto encodes = [](const KeyManifest& manifest) {
    return encode_key_manifest(manifest, test::root_key()).has_value();
  };
  KeyManifest manifest = test::manifest();
  manifest.signing.clear();
  EXPECT_FALSE(encodes(manifest));
  manifest = test::manifest();
  manifest.sealing.erase(manifest.sealing.begin());
  EXPECT_FALSE(encodes(manifest)) << "an escrow key alone";
  manifest = test::manifest();
  manifest.signing.resize(k_max_signing_keys + 1);
  EXPECT_FALSE(encodes(manifest));
  manifest = test::manifest();
  manifest.sealing.resize(k_max_sealing_keys + 1);
  EXPECT_FALSE(encodes(manifest));
}

TEST(Fingerprint, DiffersWithEitherKeyAndTheirOrder) {
  const auto& a = test::receipt_key().public_key();
  const auto& b = test::device_key().public_key();
  const auto& c = test::stranger_key().public_key();
  const std::set<std::string> all{enrol_fingerprint(a, b), enrol_fingerprint(b, a), enrol_fingerprint(a, c),
                                  enrol_fingerprint(c, b)};
  EXPECT_EQ(all.size(), 4U);
  EXPECT_EQ(enrol_fingerprint(a, b).size(), 24U);
}

}  // namespace
}  // namespace anjungan::wire
