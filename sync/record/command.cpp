// SPDX-License-Identifier: Apache-2.0
#include "sync/record/command.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sync/record/json_text.h"
#include "sync/record/json_tree.h"

namespace anjungan::record {
namespace {

constexpr std::array<std::pair<Verb, const char*>, 4> k_verbs = {{{Verb::restart, "restart"},
                                                                  {Verb::resend, "resend"},
                                                                  {Verb::catalogue, "catalogue"},
                                                                  {Verb::settings, "settings"}}};

constexpr std::array<std::pair<Program, const char*>, 2> k_programs = {
    {{Program::kiosk, "kiosk"}, {Program::agent, "agent"}}};

constexpr std::array<std::pair<CommandEnd, const char*>, 5> k_ends = {{{CommandEnd::done, "done"},
                                                                       {CommandEnd::refused, "refused"},
                                                                       {CommandEnd::not_understood, "not_understood"},
                                                                       {CommandEnd::expired, "expired"},
                                                                       {CommandEnd::cancelled, "cancelled"}}};

template <class T, std::size_t N>
const char* name_in(const std::array<std::pair<T, const char*>, N>& names, T value) {
  for (const auto& [one, name] : names) {
    if (one == value) return name;
  }
  return "unknown";
}

template <class T, std::size_t N>
Result<T> find_in(const std::array<std::pair<T, const char*>, N>& names, std::string_view text, const char* what) {
  for (const auto& [one, name] : names) {
    if (text == name) return one;
  }
  return fail(ErrorKind::invalid, fmt::format("{}: there is none of this name", what));
}

/// An object whose members are taken out one by one, each exactly once; none may be left.
class Members {
 public:
  explicit Members(const JsonValue& object) : m_object(object) {}

  Result<std::string_view> text(std::string_view name) {
    const JsonValue* value = take(name, JsonValue::Kind::text);
    if (value == nullptr) return fail(ErrorKind::invalid, fmt::format("{}: a text is needed", name));
    return std::string_view(value->text);
  }

  Result<std::int64_t> whole(std::string_view name, std::int64_t least, std::int64_t most) {
    const JsonValue* value = take(name, JsonValue::Kind::whole);
    if (value == nullptr || value->whole < least || value->whole > most) {
      return fail(ErrorKind::invalid, fmt::format("{}: a whole number from {} to {} is needed", name, least, most));
    }
    return value->whole;
  }

  /// Null when there is no such list.
  const std::vector<JsonValue>* list(std::string_view name) {
    const JsonValue* value = take(name, JsonValue::Kind::list);
    return value == nullptr ? nullptr : &value->items;
  }

  [[nodiscard]] Result<void> none_left() const {
    if (m_taken == m_object.members.size()) return {};
    return fail(ErrorKind::invalid, "command: it has members that its verb has not");
  }

 private:
  const JsonValue* take(std::string_view name, JsonValue::Kind kind) {
    for (const JsonMember& one : m_object.members) {
      if (one.name != name) continue;
      m_taken++;
      return one.value.kind == kind ? &one.value : nullptr;
    }
    return nullptr;
  }

  const JsonValue& m_object;
  std::size_t m_taken = 0;
};

constexpr std::int64_t k_last_ms = std::int64_t{1} << 52U;

Result<void> read_restart(Members& in, Command& out) {
  auto name = in.text("program");
  if (!name) return tl::unexpected(name.error());
  auto program = parse_program(*name);
  if (!program) return tl::unexpected(program.error());
  out.program = *program;
  return {};
}

Result<void> read_resend(Members& in, Command& out) {
  auto first = in.whole("first", 1, static_cast<std::int64_t>(k_last_seq));
  if (!first) return tl::unexpected(first.error());
  auto last = in.whole("last", *first, static_cast<std::int64_t>(k_last_seq));
  if (!last) return tl::unexpected(last.error());
  out.first = static_cast<std::uint64_t>(*first);
  out.last = static_cast<std::uint64_t>(*last);
  return {};
}

std::size_t parts_of(std::uint64_t bytes) {
  return static_cast<std::size_t>((bytes + k_part_bytes - 1) / k_part_bytes);
}

Result<void> read_catalogue(Members& in, Command& out) {
  const auto* sizes = in.list("sizes");
  const auto* parts = in.list("parts");
  if (sizes == nullptr || parts == nullptr) return fail(ErrorKind::invalid, "sizes, parts: lists are needed");
  if (sizes->empty() && parts->empty()) return {};
  if (sizes->size() != out.sizes.size()) {
    return fail(ErrorKind::invalid, "sizes: one for each file of the catalogue is needed");
  }
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < sizes->size(); i++) {
    const JsonValue& one = (*sizes)[i];
    if (one.kind != JsonValue::Kind::whole || one.whole < 1 ||
        one.whole > static_cast<std::int64_t>(k_most_catalogue_bytes)) {
      return fail(ErrorKind::invalid, "sizes: bytes of a file, at least 1");
    }
    out.sizes[i] = static_cast<std::uint64_t>(one.whole);
    all += out.sizes[i];
  }
  if (all > k_most_catalogue_bytes) return fail(ErrorKind::invalid, "sizes: the catalogue is too large");
  if (parts->size() != parts_of(all)) return fail(ErrorKind::invalid, "parts: not as many as the sizes need");
  for (const JsonValue& one : *parts) {
    const auto bytes = from_hex(one.text);
    if (!bytes || bytes->size() != 32 || to_hex(*bytes) != one.text) {
      return fail(ErrorKind::invalid, "parts: 64 lower-case hexadecimal digits each");
    }
    std::copy(bytes->begin(), bytes->end(), out.parts.emplace_back().begin());
  }
  return {};
}

Result<void> read_settings(Members& in, Command& out) {
  auto text = in.text("text");
  if (!text) return tl::unexpected(text.error());
  if (text->size() > k_most_settings_bytes) return fail(ErrorKind::invalid, "text: longer than 8 KiB");
  out.text = *text;
  return {};
}

/// `"sizes":[..],"parts":[".."]`
std::string catalogue_members(const Command& command) {
  std::string sizes;
  std::string parts;
  for (const std::uint64_t one : command.sizes) {
    if (!command.parts.empty()) sizes += (sizes.empty() ? "" : ",") + std::to_string(one);
  }
  for (const Hash& one : command.parts) parts += (parts.empty() ? "\"" : ",\"") + to_hex(one) + '"';
  return "\"sizes\":[" + sizes + "],\"parts\":[" + parts + "]";
}

/// Without control characters and not longer than `most` bytes, cut between characters.
std::string plain(std::string_view text, std::size_t most) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  if (out.size() <= most) return out;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0U) == 0x80U) end--;
  out.resize(end);
  return out;
}

}  // namespace

const char* verb_name(Verb verb) { return name_in(k_verbs, verb); }
const char* program_name(Program program) { return name_in(k_programs, program); }
const char* command_end_name(CommandEnd end) { return name_in(k_ends, end); }

Result<Program> parse_program(std::string_view name) { return find_in(k_programs, name, "program"); }
Result<CommandEnd> parse_command_end(std::string_view name) { return find_in(k_ends, name, "outcome"); }

bool is_for_agent(const Command& command) {
  return command.verb == Verb::resend || (command.verb == Verb::restart && command.program == Program::agent);
}

Result<std::string> write_command(const Command& command) {
  std::string out = "{";
  put_json_number(out, "v", 1);
  put_json_member(out, "id", command.id.str());
  put_json_member(out, "verb", verb_name(command.verb));
  put_json_number(out, "expires_ms", command.expires_ms);
  switch (command.verb) {
    case Verb::restart:
      put_json_member(out, "program", program_name(command.program));
      break;
    case Verb::resend:
      put_json_number(out, "first", static_cast<std::int64_t>(command.first));
      put_json_number(out, "last", static_cast<std::int64_t>(command.last));
      break;
    case Verb::catalogue:
      out += "," + catalogue_members(command);
      break;
    case Verb::settings:
      put_json_member(out, "text", command.text);
      break;
  }
  out += "}";
  // What is written is what will be understood.
  if (auto read = parse_command(out); !read) return tl::unexpected(read.error());
  return out;
}

Result<Command> parse_command(std::string_view json) {
  if (json.size() > k_most_command_bytes) return fail(ErrorKind::invalid, "command: too large");
  const auto object = parse_json_object(json);
  if (!object) return fail(ErrorKind::invalid, "command: it is no JSON object of the strict kind");
  Members in(*object);
  Command out;
  auto version = in.whole("v", 1, k_last_ms);
  if (!version) return tl::unexpected(version.error());
  auto id_text = in.text("id");
  if (!id_text) return tl::unexpected(id_text.error());
  auto id = Uuid::parse(*id_text);
  if (!id) return tl::unexpected(id.error());
  out.id = *id;
  auto verb_text = in.text("verb");
  if (!verb_text) return tl::unexpected(verb_text.error());
  auto verb = find_in(k_verbs, *verb_text, "verb");
  if (*version != 1 || !verb) {
    return fail(ErrorKind::unavailable, "verb: this program does not know it; install a newer one on the terminal");
  }
  out.verb = *verb;
  auto expires = in.whole("expires_ms", 0, k_last_ms);
  if (!expires) return tl::unexpected(expires.error());
  out.expires_ms = *expires;
  const auto read_rest = [&] {
    switch (*verb) {
      case Verb::restart:
        return read_restart(in, out);
      case Verb::resend:
        return read_resend(in, out);
      case Verb::catalogue:
        return read_catalogue(in, out);
      case Verb::settings:
        break;
    }
    return read_settings(in, out);
  };
  auto rest = read_rest();
  if (!rest) return tl::unexpected(rest.error());
  if (auto whole = in.none_left(); !whole) return tl::unexpected(whole.error());
  return out;
}

Result<std::vector<Bytes>> cut_catalogue(const std::array<std::string, 4>& files, Command& command) {
  std::string all;
  for (std::size_t i = 0; i < files.size(); i++) {
    if (files[i].empty()) return fail(ErrorKind::invalid, fmt::format("{}: is empty", k_catalogue_files[i]));
    command.sizes[i] = files[i].size();
    all += files[i];
  }
  if (all.size() > k_most_catalogue_bytes) {
    return fail(ErrorKind::invalid, fmt::format("catalogue: larger than {} KiB", k_most_catalogue_bytes / 1024));
  }
  command.parts.clear();
  std::vector<Bytes> out;
  for (std::size_t at = 0; at < all.size(); at += k_part_bytes) {
    const ByteView piece = view_of(all).subspan(at, std::min(k_part_bytes, all.size() - at));
    command.parts.push_back(hash(piece));
    out.emplace_back(piece.begin(), piece.end());
  }
  return out;
}

Result<std::array<std::string, 4>> join_catalogue(const Command& command, const std::vector<Bytes>& parts) {
  std::string all;
  for (std::size_t i = 0; i < parts.size(); i++) {
    if (i >= command.parts.size() || hash(parts[i]) != command.parts[i]) {
      return fail(ErrorKind::invalid, "parts: other bytes than the command names");
    }
    all.append(parts[i].begin(), parts[i].end());
  }
  std::array<std::string, 4> out;
  std::size_t at = 0;
  for (std::size_t i = 0; i < out.size(); i++) {
    if (all.size() - at < command.sizes[i]) return fail(ErrorKind::invalid, "parts: fewer bytes than the sizes say");
    out[i] = all.substr(at, command.sizes[i]);
    at += command.sizes[i];
  }
  if (at != all.size()) return fail(ErrorKind::invalid, "parts: more bytes than the sizes say");
  return out;
}

std::string catalogue_name(const Command& command) {
  if (command.parts.empty()) return {};
  const Hash all = hash_in("anjungan/catalogue/1", view_of(catalogue_members(command)));
  return to_hex(ByteView(all).first(16));
}

Facts to_facts(const CommandOutcome& outcome) {
  Facts out{{"command", outcome.id.str()}, {"outcome", command_end_name(outcome.end)}};
  if (!outcome.reason.empty()) out["reason"] = plain(outcome.reason, k_most_reason_bytes);
  return out;
}

Result<CommandOutcome> command_outcome(const Facts& facts) {
  const auto text = [&](const char* name) {
    const auto found = facts.find(name);
    return found == facts.end() ? std::string() : found->second;
  };
  auto id = Uuid::parse(text("command"));
  if (!id) return tl::unexpected(id.error());
  auto end = parse_command_end(text("outcome"));
  if (!end) return tl::unexpected(end.error());
  return CommandOutcome{*id, *end, plain(text("reason"), k_most_reason_bytes)};
}

}  // namespace anjungan::record
