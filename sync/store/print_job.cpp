// SPDX-License-Identifier: Apache-2.0
#include "sync/store/print_job.h"

#include <array>
#include <utility>

namespace anjungan::store {
namespace {

constexpr std::array<std::pair<PrintState, const char*>, 7> k_names = {{
    {PrintState::queued, "queued"},
    {PrintState::sending, "sending"},
    {PrintState::sent, "sent"},
    {PrintState::printed, "printed"},
    {PrintState::failed, "failed"},
    {PrintState::unknown, "unknown"},
    {PrintState::voided, "voided"},
}};

}  // namespace

const char* print_state_name(PrintState state) {
  for (const auto& [value, name] : k_names) {
    if (value == state) return name;
  }
  return "unknown";
}

record::Result<PrintState> parse_print_state(std::string_view name) {
  for (const auto& [value, text] : k_names) {
    if (name == text) return value;
  }
  return record::fail(record::ErrorKind::corrupt, "print job: its state is not one of the known");
}

}  // namespace anjungan::store
