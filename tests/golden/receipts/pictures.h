// SPDX-License-Identifier: Apache-2.0
// Golden pictures of receipts, and what independent programs read in them. Pictures are exact where the fonts are those
// they were made with, else at most 0.2 % of the dots differ. ANJUNGAN_ACCEPT_GOLDENS=1 accepts new pictures.
#pragma once

#include <filesystem>
#include <string>

#include "printer/render/render.h"

namespace anjungan::render {

namespace fs = std::filesystem;
inline const fs::path k_actual = ANJUNGAN_BUILD "/goldens/receipts";

void write(const fs::path& path, const Bytes& bytes);
/// Of a command of the shell.
std::string output_of(const std::string& command);
/// What zbarimg reads.
std::string read_qr(const fs::path& png);
/// The picture is the accepted one of that name; else the test fails.
void compare(const std::string& name, const Bytes& png);

}  // namespace anjungan::render
