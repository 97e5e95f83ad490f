// SPDX-License-Identifier: Apache-2.0
// What an administrator at the centre orders a terminal to do (sync/wire/PROTOCOL.md, "Commands"): a small strict JSON
// object. It names no path and no program, and nothing in it reaches a key or a record.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sync/record/bytes.h"
#include "sync/record/event.h"
#include "sync/record/uuid.h"

namespace anjungan::record {

enum class Verb { restart, resend };
enum class Program { kiosk, agent };

[[nodiscard]] const char* verb_name(Verb verb);
[[nodiscard]] const char* program_name(Program program);
[[nodiscard]] Result<Program> parse_program(std::string_view name);

/// Seqs are smaller; as the end of a range it means "all there is".
inline constexpr std::uint64_t k_last_seq = (std::uint64_t{1} << 40U) - 1;
inline constexpr std::size_t k_most_command_bytes = 64 * 1024;

struct Command {
  Uuid id;
  Verb verb = Verb::restart;
  std::int64_t expires_ms = 0;       ///< by the centre's clock; not done later
  Program program = Program::kiosk;  ///< of restart
  std::uint64_t first = 1;           ///< of resend: events first..last
  std::uint64_t last = k_last_seq;
};

/// `invalid` when a value is out of its range.
[[nodiscard]] Result<std::string> write_command(const Command& command);
/// `unavailable` when it is well-formed and its verb is none that this program knows; `invalid` for anything else.
[[nodiscard]] Result<Command> parse_command(std::string_view json);

/// What became of a command.
enum class CommandEnd {
  done,
  refused,         ///< the reason says what stands in the way
  not_understood,  ///< of a newer centre
  expired,         ///< it came, or its turn came, too late
  cancelled,       ///< taken back before it was done
};

[[nodiscard]] const char* command_end_name(CommandEnd end);
[[nodiscard]] Result<CommandEnd> parse_command_end(std::string_view name);

struct CommandOutcome {
  Uuid id;
  CommandEnd end = CommandEnd::done;
  std::string reason;  ///< for the administrator; may be empty; cut to k_most_reason_bytes
};
inline constexpr std::size_t k_most_reason_bytes = 500;

/// The public part of an event device.command.
[[nodiscard]] Facts to_facts(const CommandOutcome& outcome);
/// `invalid` when it is none.
[[nodiscard]] Result<CommandOutcome> command_outcome(const Facts& facts);

}  // namespace anjungan::record
