// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace anjungan::agent {

// The agent's log: one line an event on standard error, `TIME LEVEL event key=value key="two words"`, for people and
// for grep alike. Fields are numbers, states, tracking-number ranges and error texts of our own; nothing a citizen
// typed ever comes near this process in the clear, and nothing that opens a case (codes, tokens, keys) is a field.
// Thread-safe. README.md of this folder lists the events.
enum class Level {
  debug,
  info,
  warning,
  error,
  silent,  // set_journal_level's alone: nothing is written
};

struct Field {
  std::string_view name;
  std::string value;

  Field(std::string_view field_name, std::string_view text) : name(field_name), value(text) {}
  template <std::integral Number>
  Field(std::string_view field_name, Number number) : name(field_name), value(std::to_string(number)) {}
};

void note(Level level, std::string_view event, std::initializer_list<Field> fields = {});

// The lowest level that is written; info until told otherwise.
void set_journal_level(Level level);

}  // namespace anjungan::agent
