// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sync/record/clock.h"
#include "sync/wire/limits.h"

namespace anjungan::agent {

inline constexpr const char* k_request_suffix = ".request";
inline constexpr const char* k_answer_suffix = ".answer";

// How the files of one terminal begin: "anjungan-3273-0012-".
[[nodiscard]] std::string carried_prefix(const std::string& device);

struct CarryOutWish {
  std::string data_folder;
  std::string to;  // a folder that is there, such as a mounted stick
  std::size_t batch_events = wire::k_max_batch_events;
};

struct CarriedFile {
  std::string name;  // in the folder
  std::uint64_t from_seq = 0;
  std::size_t events = 0;  // 0: it asks for news alone
  std::size_t bytes = 0;
};

// Writes everything the centre has not acknowledged into files for a person to carry, each whole or absent and on the
// medium when `written` hears of it. Changes nothing on the terminal, whoever runs there meanwhile: only the centre's
// answer does. Fails with `not_found` when the terminal is not enrolled or the folder is missing, `conflict` when this
// disk is not the one the centre knows, and as the disks do; the files written so far are good.
[[nodiscard]] record::Result<std::vector<CarriedFile>> carry_out(
    const CarryOutWish& wish, const record::Clock& clock, const std::function<void(const CarriedFile&)>& written);

}  // namespace anjungan::agent
