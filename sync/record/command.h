// SPDX-License-Identifier: Apache-2.0
// What an administrator at the centre orders a terminal to do (sync/wire/PROTOCOL.md, "Commands"): a small strict JSON
// object. It names no path and no program, and nothing in it reaches a key or a record.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sync/record/bytes.h"
#include "sync/record/event.h"
#include "sync/record/uuid.h"

namespace anjungan::record {

enum class Verb { restart, resend, catalogue, settings };
enum class Program { kiosk, agent };

[[nodiscard]] const char* verb_name(Verb verb);
[[nodiscard]] const char* program_name(Program program);
[[nodiscard]] Result<Program> parse_program(std::string_view name);

/// Seqs are smaller; as the end of a range it means "all there is".
inline constexpr std::uint64_t k_last_seq = (std::uint64_t{1} << 40U) - 1;
inline constexpr std::size_t k_most_command_bytes = 64 * 1024;

/// The files of a city's catalogue, in the order in which a command's sizes and the bytes of its parts have them.
inline constexpr std::array<std::string_view, 4> k_catalogue_files = {"agencies.toml", "categories.toml",
                                                                      "holidays.toml", "region.toml"};
inline constexpr std::size_t k_most_catalogue_bytes = 512 * 1024;
/// Every part but the last has so many bytes.
inline constexpr std::size_t k_part_bytes = 60 * 1024;
inline constexpr std::size_t k_most_settings_bytes = 8 * 1024;

struct Command {
  Uuid id;
  Verb verb = Verb::restart;
  std::int64_t expires_ms = 0;       ///< by the centre's clock; not done later
  Program program = Program::kiosk;  ///< of restart
  std::uint64_t first = 1;           ///< of resend: events first..last
  std::uint64_t last = k_last_seq;
  // Of catalogue. Without parts: back to the technician's own.
  std::array<std::uint64_t, 4> sizes{};  ///< of k_catalogue_files
  std::vector<Hash> parts;               ///< names of the bytes of all four, one behind another, cut into parts
  std::string text;                      ///< of settings: TOML; empty: back to the technician's own
};

/// Whose turn it is: the agent's, or else the kiosk's.
[[nodiscard]] bool is_for_agent(const Command& command);

/// `invalid` when a value is out of its range.
[[nodiscard]] Result<std::string> write_command(const Command& command);
/// `unavailable` when it is well-formed and its verb is none that this program knows; `invalid` for anything else.
[[nodiscard]] Result<Command> parse_command(std::string_view json);

/// Fills in sizes and parts from the four files' contents and gives the parts' bytes. `invalid` when they are too large
/// or one is empty.
[[nodiscard]] Result<std::vector<Bytes>> cut_catalogue(const std::array<std::string, 4>& files, Command& command);
/// The four files' contents from the parts' bytes; `invalid` when they are not those that the command names.
[[nodiscard]] Result<std::array<std::string, 4>> join_catalogue(const Command& command,
                                                                const std::vector<Bytes>& parts);
/// Names the catalogue that a command brings by its content: 32 hexadecimal digits; empty for none.
[[nodiscard]] std::string catalogue_name(const Command& command);

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
