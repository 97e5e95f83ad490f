// SPDX-License-Identifier: Apache-2.0
// What a receipt says, as plain texts in the citizen's language. The caller has translated and formatted everything;
// layout decides where it stands. Empty texts and rows without a value leave no trace on the paper.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace anjungan::receipt {

struct Row {
  std::string label;
  std::string value;  ///< wraps, never shrinks; cut with an ellipsis after k_most_value code points
  bool strong = false;
};

/// A black bar on top and at the end of every reprint.
struct CopyMark {
  std::string bar;   ///< "CETAK ULANG 1"
  std::string note;  ///< when, where, by whom, why
};

/// For counter intake (UU 25/2009 art. 44).
struct SignatureLine {
  std::string label;  ///< "Diterima oleh"
  std::string name;
  std::string role;
  std::string under;  ///< "Tanda tangan petugas"
};

struct Content {
  std::string government;
  std::string hall;
  std::optional<CopyMark> copy;
  std::string title;
  std::string number_label;
  std::string number;  ///< 3273-0012-000427-5: as large as the width allows
  std::string time;    ///< date and time with the zone
  std::string place;   ///< terminal, floor, office

  std::vector<Row> rows;
  std::string rows_note;

  std::string due_title;
  std::vector<Row> due;
  std::string due_note;

  std::string follow_title;
  std::string qr;  ///< the receipt's URL; no personal data
  std::string scan_title;
  std::string scan_text;
  std::string code_label;
  std::string code;       ///< 7K4M-Q2XD-9TRN-H5WC; printed in two lines
  std::string code_note;  ///< instead of a code
  std::string without_phone;

  std::string rights_title;
  std::string rights;

  std::string state_title;
  std::string state;  ///< whether the centre had it when it was printed
  bool delivered = false;

  std::optional<SignatureLine> signature;
  std::string closing;
};

/// The most code points of a value or a paragraph: a receipt is never metres long.
inline constexpr std::size_t k_most_value = 240;
inline constexpr std::size_t k_most_paragraph = 600;

/// Valid UTF-8 without control characters and direction overrides, line breaks as spaces, at most `most` code points
/// (then an ellipsis). Nothing of it can reach a printer as a command.
[[nodiscard]] std::string clean_text(std::string_view text, std::size_t most);

}  // namespace anjungan::receipt
