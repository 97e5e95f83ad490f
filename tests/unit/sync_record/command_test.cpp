// SPDX-License-Identifier: Apache-2.0
#include "sync/record/command.h"

#include <gtest/gtest.h>

namespace anjungan::record {
namespace {

constexpr std::string_view k_id = "0192f0c1-2a3b-7c4d-8e5f-60718293a4b5";

Command example(Verb verb) {
  Command out;
  out.id = Uuid::parse(k_id).value();
  out.verb = verb;
  out.expires_ms = 1'786'512'700'000;
  return out;
}

TEST(Command, IsWrittenAsTheProtocolSaysAndReadBack) {
  Command restart = example(Verb::restart);
  restart.program = Program::agent;
  EXPECT_EQ(write_command(restart).value(),
            R"({"v":1,"id":"0192f0c1-2a3b-7c4d-8e5f-60718293a4b5","verb":"restart","expires_ms":1786512700000,)"
            R"("program":"agent"})");
  EXPECT_EQ(parse_command(write_command(restart).value())->program, Program::agent);
  Command resend = example(Verb::resend);
  resend.first = 7;
  resend.last = 12;
  EXPECT_EQ(write_command(resend).value(),
            R"({"v":1,"id":"0192f0c1-2a3b-7c4d-8e5f-60718293a4b5","verb":"resend","expires_ms":1786512700000,)"
            R"("first":7,"last":12})");
  const auto read = parse_command(write_command(resend).value());
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->id, resend.id);
  EXPECT_EQ(read->expires_ms, resend.expires_ms);
  EXPECT_EQ(read->first, 7U);
  EXPECT_EQ(read->last, 12U);
}

std::array<std::string, 4> city() { return {"agencies", std::string(70'000, 'c'), "holidays", "region"}; }

TEST(Command, ACatalogueIsCutIntoPartsAndComesTogetherAgain) {
  Command command = example(Verb::catalogue);
  const auto parts = cut_catalogue(city(), command);
  ASSERT_TRUE(parts) << parts.error().text;
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ(parts->front().size(), k_part_bytes);
  const auto read = parse_command(write_command(command).value());
  ASSERT_TRUE(read) << read.error().text;
  EXPECT_EQ(read->sizes, command.sizes);
  EXPECT_EQ(read->parts, command.parts);
  EXPECT_EQ(catalogue_name(*read), catalogue_name(command));
  EXPECT_EQ(catalogue_name(*read).size(), 32U);
  const auto files = join_catalogue(*read, *parts);
  ASSERT_TRUE(files) << files.error().text;
  EXPECT_EQ(*files, city());

  auto other = *parts;
  other[1][0] ^= 1U;
  EXPECT_FALSE(join_catalogue(*read, other)) << "content-addressed";
  EXPECT_FALSE(join_catalogue(*read, {parts->front()}));
  Command changed = *read;
  changed.sizes[0]++;
  EXPECT_FALSE(join_catalogue(changed, *parts));
  EXPECT_NE(catalogue_name(changed), catalogue_name(*read));
}

TEST(Command, WithoutPartsACatalogueGoesBackAndTooMuchIsRefused) {
  const Command none = example(Verb::catalogue);
  EXPECT_TRUE(write_command(none).value().ends_with(R"("sizes":[],"parts":[]})"));
  EXPECT_TRUE(parse_command(write_command(none).value())->parts.empty());
  EXPECT_EQ(catalogue_name(none), "");
  Command command = example(Verb::catalogue);
  EXPECT_FALSE(cut_catalogue({"a", std::string(k_most_catalogue_bytes, 'c'), "h", "r"}, command));
  EXPECT_FALSE(cut_catalogue({"a", "", "h", "r"}, command));
  const std::string head = R"({"v":1,"id":")" + std::string(k_id) + R"(","verb":"catalogue","expires_ms":1,)";
  const std::string part = '"' + std::string(64, 'a') + '"';
  EXPECT_TRUE(parse_command(head + R"("sizes":[1,1,1,1],"parts":[)" + part + "]}"));
  for (const std::string& rest :
       {std::string(R"("sizes":[1,1,1,1],"parts":[]})"), R"("sizes":[1,1,1],"parts":[)" + part + "]}",
        R"("sizes":[0,1,1,1],"parts":[)" + part + "]}", R"("sizes":[1,1,1,524288],"parts":[)" + part + "]}",
        R"("sizes":[1,1,1,1],"parts":[)" + part + "," + part + "]}",
        std::string(R"("sizes":[1,1,1,1],"parts":["../../etc/passwd"]})"),
        R"("sizes":[1,1,1,1],"parts":[")" + std::string(64, 'A') + "\"]}"}) {
    EXPECT_FALSE(parse_command(head + rest)) << rest;
  }
}

TEST(Command, SettingsAreABoundedText) {
  Command command = example(Verb::settings);
  command.text = "[brand]\nhall = \"MPP\"\n";
  EXPECT_EQ(parse_command(write_command(command).value())->text, command.text);
  command.text.assign(k_most_settings_bytes + 1, '#');
  EXPECT_FALSE(write_command(command));
}

TEST(Command, OutOfRangeIsNeverWritten) {
  Command resend = example(Verb::resend);
  resend.first = 0;
  EXPECT_EQ(write_command(resend).error().kind, ErrorKind::invalid);
  resend.first = 9;
  resend.last = 8;
  EXPECT_EQ(write_command(resend).error().kind, ErrorKind::invalid);
  resend.last = k_last_seq + 1;
  EXPECT_EQ(write_command(resend).error().kind, ErrorKind::invalid);
}

TEST(Command, WhatIsMissingWrongOrTooMuchIsRefused) {
  const std::string head = R"({"v":1,"id":")" + std::string(k_id) + R"(",)";
  for (const std::string& text : {
           std::string(""),
           std::string("[]"),
           std::string("{}"),
           head + R"("verb":"restart","expires_ms":1})",
           head + R"("verb":"restart","expires_ms":1,"program":"sh"})",
           head + R"("verb":"restart","expires_ms":1,"program":"kiosk","path":"/bin/sh"})",
           head + R"("verb":"restart","expires_ms":1,"program":"kiosk","program":"kiosk"})",
           head + R"("verb":"restart","expires_ms":-1,"program":"kiosk"})",
           head + R"("verb":"restart","expires_ms":"1","program":"kiosk"})",
           head + R"("verb":"resend","expires_ms":1,"first":1})",
           head + R"("verb":"resend","expires_ms":1,"first":0,"last":1})",
           head + R"("verb":"resend","expires_ms":1,"first":1.5,"last":2})",
           head + R"("verb":"resend","expires_ms":1,"first":1,"last":1099511627776})",
           head + R"("verb":"restart","expires_ms":1,"program":"kiosk"} x)",
           std::string(R"({"v":1,"id":"7","verb":"restart","expires_ms":1,"program":"kiosk"})"),
           "{\"v\":1,\"pad\":\"" + std::string(k_most_command_bytes, 'x') + "\"}",
       }) {
    const auto read = parse_command(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().kind, ErrorKind::invalid) << text;
    EXPECT_FALSE(read.error().text.empty());
  }
}

TEST(Command, ANewerCentresVerbIsNotUnderstoodWhateverElseItHolds) {
  const std::string head = R"({"v":1,"id":")" + std::string(k_id) + R"(",)";
  for (const std::string& text :
       {head + R"("verb":"dance","tempo":3})", R"({"v":2,"id":")" + std::string(k_id) + R"(","verb":"restart"})"}) {
    const auto read = parse_command(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().kind, ErrorKind::unavailable) << text;
  }
}

TEST(Command, AnOutcomeIsAnEventsFactsAndBack) {
  for (const CommandEnd end : {CommandEnd::done, CommandEnd::refused, CommandEnd::not_understood, CommandEnd::expired,
                               CommandEnd::cancelled}) {
    const CommandOutcome outcome{Uuid::parse(k_id).value(), end, "a reason"};
    const auto read = command_outcome(to_facts(outcome));
    ASSERT_TRUE(read) << read.error().text;
    EXPECT_EQ(read->id, outcome.id);
    EXPECT_EQ(read->end, end);
    EXPECT_EQ(read->reason, "a reason");
  }
  EXPECT_FALSE(to_facts({Uuid::parse(k_id).value(), CommandEnd::done, ""}).contains("reason"));
  EXPECT_FALSE(command_outcome({{"command", std::string(k_id)}, {"outcome", "perhaps"}}));
  EXPECT_FALSE(command_outcome({{"outcome", "done"}}));
}

TEST(Command, AReasonIsOneShortLine) {
  std::string reason = "first\nsecond\x7f" + std::string(k_most_reason_bytes - 14, 'x');
  reason += "é";  // would end one byte behind the limit
  const Facts facts = to_facts({Uuid::parse(k_id).value(), CommandEnd::refused, reason});
  const std::string& cut = facts.at("reason");
  EXPECT_EQ(cut.find('\n'), std::string::npos);
  EXPECT_EQ(cut.size(), k_most_reason_bytes - 1) << "never half a character";
}

}  // namespace
}  // namespace anjungan::record
