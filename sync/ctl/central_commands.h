// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sync/ctl/central_control.h"
#include "sync/ctl/exit_code.h"

namespace anjungan::ctl {

// The verbs of `anjunganctl central`. Every verb prints a table, or with `json` the centre's answer as it came, and
// errors name the field and the remedy on standard error.

struct EnrolCodeWish {
  std::string office;
  std::string place;
  int region = 0;  // 0: the centre's own
};

ExitCode central_enrol_code(const CentralTarget& target, const EnrolCodeWish& wish);
ExitCode central_devices(const CentralTarget& target);
// `device` is a terminal's name (3273-0012) or the fingerprint as the terminal shows it.
ExitCode central_confirm(const CentralTarget& target, const std::string& device);
ExitCode central_revoke(const CentralTarget& target, const std::string& device, std::uint64_t from_seq);
// The copy of its disk is gone: the terminal is believed again.
ExitCode central_unlock(const CentralTarget& target, const std::string& device);
// Asks the terminal to change its keys when it comes next: `which` is both, receipt or device.
ExitCode central_ask_rotation(const CentralTarget& target, const std::string& device, const std::string& which);
// Every receipt key that a terminal has or had, for deciding about receipts without the centre.
ExitCode central_receipt_keys(const CentralTarget& target);
// A new key for the centre's signatures: tells every terminal, and again: who has not heard yet.
ExitCode central_announce_key(const CentralTarget& target);
// Uses the announced key from the centre's next start on; with `force` although some terminal has not heard of it.
ExitCode central_switch_key(const CentralTarget& target, bool force);

// An order to a terminal, or to "all" that are active.
struct OrderWish {
  std::string device;
  std::string until;        // YYYY-MM-DD; a week when empty
  std::string program;      // of restart: kiosk, agent, both
  std::uint64_t first = 1;  // of resend
  std::uint64_t last = 0;   // 0: the newest
  std::string path;         // of catalogue: a folder; of settings: a TOML file; empty: back to the terminal's own
};
ExitCode central_restart(const CentralTarget& target, const OrderWish& wish);
ExitCode central_resend(const CentralTarget& target, const OrderWish& wish);
ExitCode central_order_catalogue(const CentralTarget& target, const OrderWish& wish);
ExitCode central_order_settings(const CentralTarget& target, const OrderWish& wish);
// What was ordered, of one terminal or (empty) of all, and what became of it.
ExitCode central_orders(const CentralTarget& target, const std::string& device);
ExitCode central_cancel_order(const CentralTarget& target, const std::string& id);
ExitCode central_list(const CentralTarget& target, const std::string& status, std::size_t limit);
// With `open` also what the citizen wrote and who it is: opened with the centre's key, noted in its audit.
ExitCode central_show(const CentralTarget& target, const std::string& number, bool open);
ExitCode central_dispose(const CentralTarget& target, const std::string& number, const std::string& agency,
                         const std::string& note);
ExitCode central_follow_up(const CentralTarget& target, const std::string& number, const std::string& text,
                           const std::string& evidence);
ExitCode central_resolve(const CentralTarget& target, const std::string& number, const std::string& text,
                         const std::string& evidence);
// Marks a complaint as verified: complete and within the city's authority.
ExitCode central_verify(const CentralTarget& target, const std::string& number);
// Whether rows were changed or removed behind the centre's back; `expect`: the head of an earlier audit, or empty.
ExitCode central_audit_verify(const CentralTarget& target, const std::string& expect);
// Ends with `failed` (1) when there is any: monitoring expects it so.
ExitCode central_alarms(const CentralTarget& target);
// Ends the loss alarm of the report with this number: it is gone for good, and the administrator says so.
ExitCode central_accept_loss(const CentralTarget& target, const std::string& number);
// Complaints, steps and receipts anew from the events.
ExitCode central_rebuild(const CentralTarget& target);
// A copy of the running centre as the new folder `to`, absolute.
ExitCode central_backup(const CentralTarget& target, const std::string& to);
// What came with a complaint. With `out` (a new folder) also each attachment that has come, opened with the sealing key
// in the file `key`: the centre's own (DATA/keys/sealing.key) or the escrow key from the safe. Noted in the audit.
ExitCode central_attachments(const CentralTarget& target, const std::string& number, const std::string& out,
                             const std::string& key);
ExitCode central_stats(const CentralTarget& target);

}  // namespace anjungan::ctl
