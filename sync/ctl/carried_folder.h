// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sync/record/result.h"

namespace anjungan::ctl {

// Names of the plain files in a folder that end so, in order; links and halves of copies are left out. `not_found` when
// the folder is missing (a stick that is not mounted).
[[nodiscard]] record::Result<std::vector<std::string>> carried_names(const std::string& folder,
                                                                     std::string_view suffix);

// "12 of 340 files" on one line of standard error, where a person looks at it.
void show_progress(std::size_t done, std::size_t total);

}  // namespace anjungan::ctl
