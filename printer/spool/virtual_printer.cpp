// SPDX-License-Identifier: Apache-2.0
#include "printer/spool/virtual_printer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "printer/render/render.h"

namespace anjungan::spool {

namespace fs = std::filesystem;

namespace {

/// Letters, digits and dashes of the title: it becomes a file's name.
std::string file_name(const std::string& title) {
  std::string out;
  for (const char c : title) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
    out.push_back(plain ? c : '-');
  }
  if (out.size() > 100) out.resize(100);
  return out.empty() ? "receipt" : out;
}

bool write_whole(const std::string& path, const render::Bytes& bytes) {
  const std::string temporary = path + ".new";
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0660);
  if (file < 0) return false;
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t wrote = ::write(file, bytes.data() + done, bytes.size() - done);
    if (wrote <= 0) break;
    done += static_cast<std::size_t>(wrote);
  }
  const bool good = done == bytes.size() && ::fsync(file) == 0;
  ::close(file);
  if (good && ::rename(temporary.c_str(), path.c_str()) == 0) return true;
  ::unlink(temporary.c_str());
  return false;
}

}  // namespace

Result<std::unique_ptr<VirtualPrinter>> VirtualPrinter::open(const std::string& folder, const receipt::Medium& medium) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!fs::is_directory(folder, error)) {
    return tl::unexpected(Error{ErrorKind::disk, folder + ": the printer's folder cannot be made"});
  }
  return std::unique_ptr<VirtualPrinter>(new VirtualPrinter(folder, medium));
}

PrinterView VirtualPrinter::view() {
  std::ifstream file(m_folder + "/state");
  std::string word;
  if (!file || !(file >> word) || word == "ready") return {Condition::ready, ""};
  for (const Condition one :
       {Condition::low_paper, Condition::no_paper, Condition::cover_open, Condition::offline, Condition::paused}) {
    if (word == condition_name(one)) return {one, ""};
  }
  return {Condition::error, "state file: " + word.substr(0, 40)};
}

Result<void> VirtualPrinter::resume() {
  std::error_code error;
  if (view().condition == Condition::paused) fs::remove(m_folder + "/state", error);
  if (error) return tl::unexpected(Error{ErrorKind::disk, m_folder + "/state: " + error.message()});
  return {};
}

Result<std::string> VirtualPrinter::submit(const Document& document) {
  const PrinterView now = view();
  if (!now.usable()) {
    const ErrorKind kind = now.condition == Condition::no_paper     ? ErrorKind::paper
                           : now.condition == Condition::cover_open ? ErrorKind::cover
                           : now.condition == Condition::paused     ? ErrorKind::paused
                                                                    : ErrorKind::offline;
    return tl::unexpected(Error{kind, std::string("virtual printer: ") + condition_name(now.condition)});
  }
  const std::string name = file_name(document.title);
  const std::string path = m_folder + "/" + name;
  // The PDF first: the PNG's appearance is the paper's.
  if (!write_whole(path + ".pdf", render::to_pdf(document.page)) ||
      !write_whole(path + ".png", render::to_png(render::to_bitmap(document.page), 16))) {
    return tl::unexpected(Error{ErrorKind::disk, m_folder + ": a receipt cannot be written"});
  }
  return name;
}

JobView VirtualPrinter::poll(const std::string& handle) {
  std::error_code error;
  if (fs::exists(m_folder + "/" + file_name(handle) + ".png", error)) return {JobState::printed, ""};
  return {JobState::unknown, "missing"};
}

// Every attempt writes the same file, so the attempt does not matter.
Result<std::optional<std::string>> VirtualPrinter::find(const std::string& title, int /*attempt*/) {
  std::error_code error;
  const std::string name = file_name(title);
  if (fs::exists(m_folder + "/" + name + ".png", error)) return std::optional(name);
  return std::optional<std::string>();
}

}  // namespace anjungan::spool
