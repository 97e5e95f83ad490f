// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/terminal_commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "sync/ctl/table.h"
#include "sync/record/clock.h"
#include "sync/store/identity.h"
#include "sync/store/intake_reader.h"
#include "sync/store/sync_store.h"
#include "sync/wire/sync_answer.h"

namespace anjungan::ctl {
namespace {

using nlohmann::json;

struct Facts {
  store::Identity identity;
  store::SyncState sync;
  std::uint64_t events = 0;
  std::vector<store::IntakeReader::Receipt> receipts;
  std::uint64_t attachments = 0;  // on this disk
  std::uint64_t attachments_waiting = 0;
  std::uint64_t attachment_bytes_waiting = 0;
  std::uint64_t attachments_lost = 0;
};

// Those that the present centre has not said it holds.
record::Result<void> count_attachments(Facts& facts, store::IntakeReader& intake, store::SyncReader* sync) {
  constexpr std::size_t k_page = 500;
  for (std::uint64_t after = 0;;) {
    auto page = intake.blobs(after, k_page);
    if (!page) return tl::unexpected(page.error());
    for (const store::IntakeReader::Blob& one : *page) {
      after = one.seq;
      facts.attachments++;
      std::optional<store::BlobState> word;
      if (sync != nullptr) {
        auto said = sync->blob(one.hash);
        if (!said) return tl::unexpected(said.error());
        word = *said;
      }
      if (word && word->word == store::BlobState::Word::lost) {
        facts.attachments_lost++;
      } else if (!word || word->epoch != facts.sync.epoch) {
        facts.attachments_waiting++;
        facts.attachment_bytes_waiting += one.size;
      }
    }
    if (page->size() < k_page) return {};
  }
}

// Absent databases mean that the kiosk or the agent has not run yet; that is an answer, not an error.
record::Result<Facts> gather(const settings::Terminal& terminal) {
  Facts facts;
  auto identity = store::load_identity(terminal.data);
  if (!identity) return tl::unexpected(identity.error());
  facts.identity = *std::move(identity);
  auto sync = store::SyncReader::open(terminal.data);
  if (sync) {
    auto state = sync->state();
    if (!state) return tl::unexpected(state.error());
    facts.sync = *std::move(state);
  }
  if (auto intake = store::IntakeReader::open(terminal.data)) {
    auto last = intake->last_seq();
    if (!last) return tl::unexpected(last.error());
    facts.events = *last;
    auto receipts = intake->receipts();
    if (!receipts) return tl::unexpected(receipts.error());
    facts.receipts = *std::move(receipts);
    if (auto counted = count_attachments(facts, *intake, sync ? &*sync : nullptr); !counted) {
      return tl::unexpected(counted.error());
    }
  }
  return facts;
}

std::string_view standing_name(int standing) { return wire::standing_name(static_cast<wire::Standing>(standing)); }

std::uint64_t waiting(const Facts& facts) {
  return facts.events > facts.sync.acked_seq ? facts.events - facts.sync.acked_seq : 0;
}

std::string number_of(const Facts& facts, const store::IntakeReader::Receipt& receipt) {
  return record::TrackingNumber{facts.identity.region, facts.identity.terminal, receipt.running}.str();
}

std::string local_moment(std::int64_t unix_ms, record::Zone zone) {
  std::string text = record::rfc3339(unix_ms + record::utc_offset_min(zone) * std::int64_t{60'000}).substr(0, 16);
  text[10] = ' ';
  return text + " " + record::zone_name(zone);
}

void print_status(const Facts& facts, const settings::Terminal& terminal) {
  const auto line = [](const char* label, const std::string& text) {
    fmt::print("{:<15} {}\n", label, printable(text));
  };
  line("terminal", facts.identity.device());
  line("office", facts.identity.office + (facts.identity.place.empty() ? "" : ", " + facts.identity.place));
  line("centre", terminal.centre_url);
  line("receipts' link", facts.identity.public_url);
  line("events", fmt::format("{}, of which {} wait for the centre", facts.events, waiting(facts)));
  if (facts.attachments > 0) {
    line("attachments",
         fmt::format("{}, of which {} wait for the centre ({} KiB){}", facts.attachments, facts.attachments_waiting,
                     facts.attachment_bytes_waiting / 1024,
                     facts.attachments_lost == 0 ? "" : fmt::format("; {} lost by this disk", facts.attachments_lost)));
  }
  line("receipts", std::to_string(facts.receipts.size()));
  line("standing", std::string(standing_name(facts.sync.standing)));
  line("last contact",
       facts.sync.last_contact_ms == 0 ? "never" : local_moment(facts.sync.last_contact_ms, terminal.zone));
  if (facts.sync.last_contact_ms != 0) {
    line("clock",
         fmt::format("{:+.1f} s beside the centre's", -static_cast<double>(facts.sync.clock_offset_ms) / 1000));
  }
  if (!terminal.remote.catalogue.empty()) {
    line("catalogue", fmt::format("{}, from afar", terminal.remote.catalogue.substr(0, 8)));
  }
  for (const auto& [key, value] : terminal.remote.values) line("from afar", fmt::format("{} = {}", key, value));
  if (!terminal.remote.trouble.empty()) line("not in force", terminal.remote.trouble);
  if (facts.sync.carried_ms != 0) line("carried answer", local_moment(facts.sync.carried_ms, terminal.zone));
  if (!facts.sync.last_error.empty()) line("last failure", facts.sync.last_error);
}

}  // namespace

ExitCode show_status(const settings::Terminal& terminal, bool as_json) {
  const auto facts = gather(terminal);
  if (!facts && facts.error().kind == record::ErrorKind::not_found) {
    if (as_json) {
      fmt::print("{}\n", json{{"enrolled", false}}.dump(2));
    } else {
      fmt::print("not enrolled: run anjunganctl enrol --config FILE --code CODE\n");
    }
    return ExitCode::done;
  }
  if (!facts) return complain(facts.error());
  if (!as_json) {
    print_status(*facts, terminal);
    return ExitCode::done;
  }
  json from_afar = json::object();
  for (const auto& [key, value] : terminal.remote.values) from_afar[key] = value;
  const json out = {{"enrolled", true},
                    {"settings_from_afar", from_afar},
                    {"catalogue_from_afar", terminal.remote.catalogue},
                    {"device", facts->identity.device()},
                    {"office", facts->identity.office},
                    {"place", facts->identity.place},
                    {"centre_url", terminal.centre_url},
                    {"public_url", facts->identity.public_url},
                    {"events", facts->events},
                    {"acked_seq", facts->sync.acked_seq},
                    {"waiting", waiting(*facts)},
                    {"receipts", facts->receipts.size()},
                    {"attachments", facts->attachments},
                    {"attachments_waiting", facts->attachments_waiting},
                    {"attachment_bytes_waiting", facts->attachment_bytes_waiting},
                    {"attachments_lost", facts->attachments_lost},
                    {"standing", standing_name(facts->sync.standing)},
                    {"epoch", record::to_hex(facts->sync.epoch)},
                    {"last_contact_ms", facts->sync.last_contact_ms},
                    {"clock_offset_ms", facts->sync.clock_offset_ms},
                    {"carried_ms", facts->sync.carried_ms},
                    {"last_error", facts->sync.last_error}};
  fmt::print("{}\n", out.dump(2, ' ', false, json::error_handler_t::replace));
  return ExitCode::done;
}

ExitCode show_receipts(const settings::Terminal& terminal, bool as_json) {
  const auto facts = gather(terminal);
  if (!facts) return complain(facts.error());
  json list = json::array();
  Table table({"NUMBER", "COPY", "ISSUED", "PRINT", "AT THE CENTRE", "REASON"});
  for (const store::IntakeReader::Receipt& receipt : facts->receipts) {
    const std::string number = number_of(*facts, receipt);
    const bool delivered = receipt.seq <= facts->sync.acked_seq;
    list.push_back({{"number", number},
                    {"copy", receipt.copy},
                    {"seq", receipt.seq},
                    {"issued_ms", receipt.issued_ms},
                    {"voided", receipt.voided},
                    {"print", store::print_state_name(receipt.print)},
                    {"reason", receipt.reason},
                    {"delivered", delivered}});
    table.add({number, std::to_string(receipt.copy), local_moment(receipt.issued_ms, terminal.zone),
               receipt.voided ? "void" : store::print_state_name(receipt.print), delivered ? "yes" : "not yet",
               receipt.reason});
  }
  if (as_json) {
    fmt::print("{}\n", json{{"receipts", list}}.dump(2, ' ', false, json::error_handler_t::replace));
  } else {
    fmt::print("{}", table.empty() ? "no receipts yet\n" : table.str());
  }
  return ExitCode::done;
}

}  // namespace anjungan::ctl
