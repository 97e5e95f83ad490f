// SPDX-License-Identifier: Apache-2.0
// The event's JSON text. Writing is done in the order and spelling of FORMAT.md, so that the bytes do not depend on a
// library's version.
#include <algorithm>

#include "sync/record/event.h"
#include "sync/record/json_text.h"
#include "sync/record/json_tree.h"

namespace anjungan::record {
namespace {

using Kind = JsonValue::Kind;

constexpr std::size_t k_most_facts = 64;
constexpr std::size_t k_most_fact_bytes = 4'096;
constexpr std::size_t k_most_name_bytes = 64;
constexpr std::size_t k_most_blobs = 64;
constexpr std::size_t k_most_envelopes = 4;
constexpr int k_version = 1;

void put_hex(std::string& out, std::string_view name, ByteView bytes) {
  put_json_name(out, name);
  out.push_back('"');
  append_hex(out, bytes);
  out.push_back('"');
}

void put_base64url(std::string& out, std::string_view name, ByteView bytes) {
  put_json_name(out, name);
  out.push_back('"');
  append_base64url(out, bytes);
  out.push_back('"');
}

void put_sealed(std::string& out, const Sealed& sealed) {
  out += ",\"sealed\":{\"keys\":[";
  for (std::size_t i = 0; i < sealed.envelopes.size(); i++) {
    out += i == 0 ? "{" : ",{";
    put_hex(out, "to", sealed.envelopes[i].to);
    put_base64url(out, "box", sealed.envelopes[i].box);
    out.push_back('}');
  }
  out += "]";
  put_base64url(out, "nonce", sealed.nonce);
  put_base64url(out, "cipher", sealed.cipher);
  out.push_back('}');
}

/// Reads members once each and remembers the first error.
class Members {
 public:
  Members(const JsonValue& object, std::string_view where) : m_members(object.members), m_where(where) {}

  const JsonValue* find(std::string_view name, bool required = true) {
    for (std::size_t i = 0; i < m_members.size(); i++) {
      if (m_members[i].name != name) continue;
      m_read |= std::uint64_t{1} << i;
      return &m_members[i].value;
    }
    if (required) refuse(name, "missing");
    return nullptr;
  }

  std::string_view text(std::string_view name, std::size_t most) {
    const JsonValue* value = find(name);
    if (value == nullptr) return {};
    if (value->kind != Kind::text || value->text.size() > most) {
      refuse(name, "not a text, or too long");
      return {};
    }
    return value->text;
  }

  std::int64_t number(std::string_view name, std::int64_t least, std::int64_t most) {
    const JsonValue* value = find(name);
    if (value == nullptr) return least;
    if (value->kind != Kind::whole || value->whole < least || value->whole > most) {
      refuse(name, "not a whole number in range");
      return least;
    }
    return value->whole;
  }

  template <class T>
  T parsed(std::string_view name, Result<T> result) {
    if (result) return std::move(*result);
    refuse(name, result.error().text);
    return T{};
  }

  template <std::size_t N>
  std::array<std::uint8_t, N> bytes(std::string_view name, bool hex) {
    const std::string_view spelled = text(name, 4 * N);
    auto raw = hex ? from_hex(spelled) : from_base64url(spelled);
    std::array<std::uint8_t, N> out{};
    if (!raw || raw->size() != N || (hex && has_capitals(spelled))) {
      refuse(name, "not " + std::to_string(N) + " bytes");
    } else {
      std::copy_n(raw->begin(), N, out.begin());
    }
    return out;
  }

  void refuse(std::string_view name, std::string_view why) {
    if (!m_error) m_error = Error{ErrorKind::invalid, m_where + "." + std::string(name) + ": " + std::string(why)};
  }

  /// Also refuses members that nobody asked for.
  std::optional<Error> finish() {
    for (std::size_t i = 0; i < m_members.size(); i++) {
      if ((m_read >> i & 1) == 0) refuse("(member)", "a member does not belong here");
    }
    return m_error;
  }

 private:
  static bool has_capitals(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'F'; });
  }

  const std::vector<JsonMember>& m_members;
  std::string m_where;
  std::uint64_t m_read = 0;  ///< a bit a member
  static_assert(k_most_json_members <= 64);
  std::optional<Error> m_error;
};

Result<Facts> parse_facts(const JsonValue& object) {
  if (object.kind != Kind::object || object.members.size() > k_most_facts)
    return fail(ErrorKind::invalid, "event.public: not an object");
  Facts out;
  for (const auto& [name, value] : object.members) {
    if (name.empty() || name.size() > k_most_name_bytes || value.kind != Kind::text ||
        value.text.size() > k_most_fact_bytes) {
      return fail(ErrorKind::invalid, "event.public: a member is not a short text");
    }
    out.emplace(name, value.text);
  }
  return out;
}

Result<Sealed> parse_sealed(const JsonValue& object) {
  if (object.kind != Kind::object) return fail(ErrorKind::invalid, "event.sealed: not an object");
  Members in(object, "event.sealed");
  Sealed out;
  if (const JsonValue* keys = in.find("keys")) {
    if (keys->kind != Kind::list || keys->items.empty() || keys->items.size() > k_most_envelopes) {
      in.refuse("keys", "not a list of one to four");
    } else {
      for (const JsonValue& one : keys->items) {
        if (one.kind != Kind::object) return fail(ErrorKind::invalid, "event.sealed.keys: not objects");
        Members envelope(one, "event.sealed.keys");
        Envelope entry;
        entry.to = envelope.bytes<4>("to", true);
        const auto box = envelope.bytes<80>("box", false);
        entry.box.assign(box.begin(), box.end());
        if (const auto error = envelope.finish()) return tl::unexpected(*error);
        out.envelopes.push_back(std::move(entry));
      }
    }
  }
  out.nonce = in.bytes<24>("nonce", false);
  out.cipher = in.parsed("cipher", from_base64url(in.text("cipher", k_most_event_bytes)));
  if (out.cipher.size() < 16) in.refuse("cipher", "too short");
  if (const auto error = in.finish()) return tl::unexpected(*error);
  return out;
}

}  // namespace

Result<Bytes> write_event(const Event& event) {
  if (event.seq == 0 || event.device.empty() || event.device.size() > 64 || event.office.size() > 200 ||
      event.facts.size() > k_most_facts || event.blobs.size() > k_most_blobs) {
    return fail(ErrorKind::invalid, "event: a field exceeds its bound");
  }
  std::string out;
  out.reserve(4'096);
  out.push_back('{');
  put_json_number(out, "v", k_version);
  put_json_member(out, "device", event.device);
  put_json_number(out, "seq", static_cast<std::int64_t>(event.seq));
  put_json_member(out, "id", event.id.str());
  put_json_member(out, "type", event_type_name(event.type));
  put_json_member(out, "subject", event.subject.str());
  put_json_member(out, "time", rfc3339(event.time_ms));
  put_json_member(out, "boot", event.boot);
  put_json_number(out, "mono", event.monotonic_ms);
  put_json_member(out, "office", event.office);
  out += ",\"public\":{";
  for (const auto& [name, value] : event.facts) {
    if (name.empty() || name.size() > k_most_name_bytes || value.size() > k_most_fact_bytes) {
      return fail(ErrorKind::invalid, "event.public." + name + ": too long");
    }
    if (out.back() != '{') out.push_back(',');
    put_json_string(out, name);
    out.push_back(':');
    put_json_string(out, value);
  }
  out.push_back('}');
  if (event.sealed) put_sealed(out, *event.sealed);
  out += ",\"blobs\":[";
  for (std::size_t i = 0; i < event.blobs.size(); i++) {
    if (i > 0) out.push_back(',');
    out.push_back('"');
    append_hex(out, event.blobs[i]);
    out.push_back('"');
  }
  out += "]";
  put_hex(out, "prev", event.prev);
  out.push_back('}');
  if (out.size() > k_most_event_bytes) return fail(ErrorKind::invalid, "event: larger than 128 KiB");
  if (!count_code_points(out)) return fail(ErrorKind::invalid, "event: a text is not UTF-8");
  return Bytes(out.begin(), out.end());
}

Result<Event> parse_event(ByteView bytes) {
  if (bytes.size() > k_most_event_bytes) return fail(ErrorKind::invalid, "event: larger than 128 KiB");
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto object = parse_json_object(text);
  if (!object) return fail(ErrorKind::invalid, "event: not a JSON object of the format");
  Members in(*object, "event");
  Event out;
  in.number("v", k_version, k_version);
  out.device = in.text("device", 64);
  if (out.device.empty()) in.refuse("device", "empty");
  out.seq = static_cast<std::uint64_t>(in.number("seq", 1, (std::int64_t{1} << 40) - 1));
  out.id = in.parsed("id", Uuid::parse(in.text("id", 36)));
  out.type = in.parsed("type", parse_event_type(in.text("type", 64)));
  out.subject = in.parsed("subject", Uuid::parse(in.text("subject", 36)));
  out.time_ms = in.parsed("time", parse_rfc3339(in.text("time", 24)));
  out.boot = in.text("boot", 64);
  out.monotonic_ms = in.number("mono", 0, std::int64_t{1} << 53);
  out.office = in.text("office", 200);
  if (const JsonValue* facts = in.find("public")) out.facts = in.parsed("public", parse_facts(*facts));
  if (const JsonValue* sealed = in.find("sealed", false)) {
    auto parsed = parse_sealed(*sealed);
    if (!parsed) return tl::unexpected(parsed.error());
    out.sealed = std::move(*parsed);
  }
  if (const JsonValue* blobs = in.find("blobs")) {
    if (blobs->kind != Kind::list || blobs->items.size() > k_most_blobs) {
      in.refuse("blobs", "not a list");
    } else {
      for (const JsonValue& one : blobs->items) {
        auto raw = from_hex(one.text);
        if (!raw || raw->size() != 32) {
          in.refuse("blobs", "not 32 bytes in hexadecimal");
          break;
        }
        Hash entry;
        std::copy_n(raw->begin(), entry.size(), entry.begin());
        out.blobs.push_back(entry);
      }
    }
  }
  out.prev = in.bytes<32>("prev", true);
  if (const auto error = in.finish()) return tl::unexpected(*error);
  return out;
}

std::string personal_json(const Complaint& complaint) {
  std::string out;
  out.reserve(8'192);  // so that growing does not leave copies behind in freed memory
  out.push_back('{');
  for (const Field field : {Field::story, Field::place, Field::when, Field::who, Field::how, Field::name, Field::phone,
                            Field::nik, Field::address}) {
    if (!complaint.text(field).empty()) put_json_member(out, field_name(field), complaint.text(field));
  }
  out.push_back('}');
  return out;
}

Result<std::map<std::string, std::string>> parse_personal_json(std::string_view text) {
  const auto object = text.size() <= k_most_event_bytes ? parse_json_object(text) : std::nullopt;
  if (!object || object->members.size() > 16) {
    return fail(ErrorKind::invalid, "personal part: not a JSON object of the format");
  }
  std::map<std::string, std::string> out;
  for (const auto& [name, value] : object->members) {
    if (value.kind != Kind::text) return fail(ErrorKind::invalid, "personal part: a member is not a text");
    out.emplace(name, value.text);
  }
  return out;
}

}  // namespace anjungan::record
