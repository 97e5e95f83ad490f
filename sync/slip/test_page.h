// SPDX-License-Identifier: Apache-2.0
// A page for staff that shows that a printer prints: words, dots and a QR code that opens the city's own page.
#pragma once

#include <string>

#include "sync/slip/slip.h"

namespace anjungan::slip {

/// `device` is the printer's name for people.
[[nodiscard]] receipt::Content test_content(const Hall& hall, const std::string& device, std::int64_t now_ms);

/// Of its job: never that of a receipt, and another one each time.
[[nodiscard]] std::string test_title(std::int64_t now_ms);

}  // namespace anjungan::slip
