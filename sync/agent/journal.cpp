// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/journal.h"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>

namespace anjungan::agent {
namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto made = std::make_shared<spdlog::logger>("sync", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_formatter(
        std::make_unique<spdlog::pattern_formatter>("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc));
    return made;
  }();
  return *instance;
}

spdlog::level::level_enum library_level(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
    case Level::silent:
      return spdlog::level::off;
  }
  return spdlog::level::err;
}

void append_value(std::string& line, const std::string& value) {
  const bool bare = !value.empty() && value.find_first_of(" \"=\\") == std::string::npos;
  if (!bare) line += '"';
  for (const char c : value) {
    // One event is one line, whatever an error text holds.
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    if (c == '"' || c == '\\') line += '\\';
    line += control ? '?' : c;
  }
  if (!bare) line += '"';
}

}  // namespace

void note(Level level, std::string_view event, std::initializer_list<Field> fields) {
  std::string line(event);
  for (const Field& field : fields) {
    line += ' ';
    line += field.name;
    line += '=';
    append_value(line, field.value);
  }
  logger().log(library_level(level), line);
}

void set_journal_level(Level level) { logger().set_level(library_level(level)); }

}  // namespace anjungan::agent
