// SPDX-License-Identifier: Apache-2.0
// What a citizen types: UTF-8 with a caret, bounded in code points, overwritten when it goes. Dear ImGui's own text
// field is not used: it loses its focus to every key of a touch keyboard.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace anjungan::ui {

class TextBuffer {
 public:
  /// `most` code points; `lines` allows line breaks.
  explicit TextBuffer(std::size_t most, bool lines = false) : m_most(most), m_lines(lines) {}
  TextBuffer(const TextBuffer&) = delete;
  TextBuffer& operator=(const TextBuffer&) = delete;
  ~TextBuffer();

  [[nodiscard]] const std::string& text() const { return m_text; }
  [[nodiscard]] std::size_t length() const { return m_length; }  ///< code points
  [[nodiscard]] std::size_t most() const { return m_most; }
  [[nodiscard]] std::size_t caret() const { return m_caret; }  ///< bytes before it; always between two code points

  /// Puts what is text at the caret, as far as it fits; control characters and broken UTF-8 are left out.
  /// True when something was put.
  bool insert(std::string_view utf8);
  /// Removes the code point before the caret; true when there was one.
  bool backspace();
  void move_left();
  void move_right();
  void move_to_end();

  /// Replaces everything; what does not fit is cut off.
  void set(std::string_view utf8);
  /// Overwrites the memory and starts anew.
  void clear();

 private:
  void reserve_for(std::size_t bytes);

  std::string m_text;
  std::size_t m_length = 0;
  std::size_t m_caret = 0;
  std::size_t m_most;
  bool m_lines;
};

/// The bytes of the code point at `at`; 0 at the end; 1 for a broken byte.
[[nodiscard]] std::size_t code_point_bytes(std::string_view text, std::size_t at);

}  // namespace anjungan::ui
