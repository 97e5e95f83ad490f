// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/verify_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "sync/record/clock.h"
#include "sync/record/receipt_token.h"
#include "sync/store/identity.h"

namespace anjungan::ctl {
namespace {

using nlohmann::json;

record::Result<std::vector<record::PublicKey>> known_keys(const VerifyWish& wish) {
  std::vector<record::PublicKey> keys;
  for (const std::string& text : wish.keys) {
    const auto bytes = record::from_hex(text);
    if (!bytes) return record::fail(record::ErrorKind::invalid, "--key: 64 hexadecimal digits are needed");
    const auto key = record::to_array<32>(*bytes, "--key");
    if (!key) return tl::unexpected(key.error());
    keys.push_back(*key);
  }
  if (!wish.data_folder.empty()) {
    const auto identity = store::load_identity(wish.data_folder);
    if (!identity) return tl::unexpected(identity.error());
    keys.push_back(identity->receipt_key);
    // What it printed before it changed its keys stays genuine.
    for (const store::KeyChange& one : identity->key_changes) keys.push_back(one.receipt_key);
  }
  return keys;
}

}  // namespace

ExitCode verify_receipt(const VerifyWish& wish) {
  std::string text = wish.text;
  // A token opens the reading of its case: standard input keeps it out of the list of processes.
  if (text == "-" && !std::getline(std::cin, text)) {
    return complain({record::ErrorKind::invalid, "standard input: a receipt's URL or token is needed"});
  }
  const auto token = record::parse_token_text(text);
  if (!token) return complain(token.error());
  const auto keys = known_keys(wish);
  if (!keys) return complain(keys.error());

  bool known = false;
  bool genuine = false;
  for (const record::PublicKey& key : *keys) {
    if (record::key_id(key) != token->key) continue;
    known = true;
    genuine = genuine || token->verify(key);
  }
  const bool clock_dead = (token->flags & record::ReceiptToken::k_clock_not_sane) != 0;
  const bool sample = (token->flags & record::ReceiptToken::k_sample) != 0;
  const char* verdict = genuine ? "genuine" : known ? "forged" : "unknown_key";
  if (wish.json) {
    const json out = {{"verdict", verdict},
                      {"number", token->number.str()},
                      {"seq", token->seq},
                      {"key_id", record::to_hex(token->key)},
                      {"issued_ms", clock_dead ? json() : json(record::token_time_ms(token->minutes))},
                      {"sample", sample}};
    fmt::print("{}\n", out.dump(2));
  } else {
    fmt::print("number   {}\nevent    {}\nkey      {}\nissued   {}\n", token->number.str(), token->seq,
               record::to_hex(token->key),
               clock_dead ? "unknown: the terminal's clock was not set"
                          : record::rfc3339(record::token_time_ms(token->minutes)).substr(0, 16) + " UTC");
    if (sample) fmt::print("sample   yes: it stands for no complaint\n");
    fmt::print("verdict  {}\n", genuine ? "genuine: signed by a terminal that is known here"
                                : known ? "FORGED: it names a known terminal's key, which did not sign it"
                                        : "cannot be decided here: give its terminal's key with --key or --config");
  }
  return genuine ? ExitCode::done : ExitCode::refused;
}

}  // namespace anjungan::ctl
