// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sync/record/command.h"
#include "sync/record/event.h"

// An event as the centre gets it from a terminal that may be somebody else's, and the sealed part as it stands once it
// is opened. What is accepted can be written again, and what is written then has one meaning and one encoding.

namespace anjungan::record {
namespace {

void read_event(ByteView bytes) {
  const auto event = parse_event(bytes);
  if (!event) {
    ANJUNGAN_CHECK(!event.error().text.empty());
    return;
  }
  ANJUNGAN_CHECK(bytes.size() <= k_most_event_bytes);
  static_cast<void>(complaint_facts(event->facts));
  const auto written = write_event(*event);
  ANJUNGAN_CHECK(written.has_value());
  const auto again = parse_event(*written);
  ANJUNGAN_CHECK(again.has_value());
  const auto twice = write_event(*again);
  ANJUNGAN_CHECK(twice.has_value() && *twice == *written);
}

// An order that came in the centre's feed.
void read_command(ByteView bytes) {
  const auto command = parse_command(to_text(bytes));
  if (!command) {
    ANJUNGAN_CHECK(!command.error().text.empty());
    return;
  }
  const auto written = write_command(*command);
  ANJUNGAN_CHECK(written.has_value() && parse_command(*written).has_value());
}

}  // namespace
}  // namespace anjungan::record

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const anjungan::record::ByteView bytes(data, size);
  anjungan::record::read_event(bytes);
  anjungan::record::read_command(bytes);
  static_cast<void>(anjungan::record::parse_personal_json(anjungan::record::to_text(bytes)));
  return 0;
}
