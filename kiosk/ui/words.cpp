// SPDX-License-Identifier: Apache-2.0
#include "kiosk/ui/words.h"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>
#include <unordered_map>

namespace anjungan::ui {
namespace {

constexpr std::size_t k_most_bytes = 1U << 20U;
constexpr std::uint32_t k_magic = 0x950412de;  ///< of a file in this machine's byte order (GNU gettext manual, 10.3)

/// A number of the file; nothing beyond its end.
std::optional<std::uint32_t> number_at(std::string_view file, std::size_t at) {
  if (at > file.size() || file.size() - at < 4) return std::nullopt;
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 4; i++)
    out |= static_cast<std::uint32_t>(static_cast<unsigned char>(file[at + i])) << 8 * i;
  return out;
}

/// The text that a table's entry (length, place) points to; a zero byte stands behind it.
std::optional<std::string_view> text_at(std::string_view file, std::size_t entry) {
  const auto length = number_at(file, entry);
  const auto place = number_at(file, entry + 4);
  if (!length || !place || *place >= file.size() || *length >= file.size() - *place) return std::nullopt;
  if (file[*place + *length] != '\0') return std::nullopt;
  return file.substr(*place, *length);
}

}  // namespace

struct Words::Catalogue {
  std::string file;
  std::unordered_map<std::string_view, const char*> texts;  ///< both point into `file`
};

Words::Words() : m_language("id") {}

record::Result<Words> Words::read(const std::string& folder, const std::string& language) {
  const std::string path = folder + "/" + language + "/LC_MESSAGES/anjungan.mo";
  std::ifstream in(path, std::ios::binary);
  if (!in) return record::fail(record::ErrorKind::not_found, path + ": the words of this language are not installed");
  auto catalogue = std::make_shared<Catalogue>();
  std::string& bytes = catalogue->file;
  bytes.assign(std::istreambuf_iterator<char>(in), {});
  const std::string_view file = bytes;
  const auto damaged = [&] { return record::fail(record::ErrorKind::corrupt, path + ": is no compiled catalogue"); };
  const auto count = number_at(file, 8);
  const auto originals = number_at(file, 12);
  const auto translations = number_at(file, 16);
  if (file.size() > k_most_bytes || number_at(file, 0) != k_magic || !translations || *count > file.size() / 8)
    return damaged();
  for (std::size_t i = 0; i < *count; i++) {
    const auto from = text_at(file, *originals + 8 * i);
    const auto to = text_at(file, *translations + 8 * i);
    if (!from || !to) return damaged();
    // The entry without an original is the file's own header.
    if (!from->empty() && !to->empty()) catalogue->texts.emplace(*from, to->data());
  }
  Words out;
  out.m_language = language;
  out.m_catalogue = std::move(catalogue);
  return out;
}

const char* Words::tr(const char* indonesian) const {
  if (!m_catalogue) return indonesian;
  const auto found = m_catalogue->texts.find(indonesian);
  return found == m_catalogue->texts.end() ? indonesian : found->second;
}

bool Words::has(const char* indonesian) const { return !m_catalogue || m_catalogue->texts.contains(indonesian); }

}  // namespace anjungan::ui
