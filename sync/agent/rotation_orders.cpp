// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/rotation_orders.h"

#include <nlohmann/json.hpp>

#include "sync/wire/enrol.h"

namespace anjungan::agent {

using nlohmann::json;
using record::Result;

namespace {

const char* step_name(Uplink::Rotation::Step step) {
  switch (step) {
    case Uplink::Rotation::Step::none:
      return "none";
    case Uplink::Rotation::Step::waits_for_app:
      return "waits_for_app";
    case Uplink::Rotation::Step::waits_for_network:
      return "waits_for_network";
    case Uplink::Rotation::Step::refused:
      return "refused";
    case Uplink::Rotation::Step::done:
      return "done";
  }
  return "";
}

Result<Uplink::Rotation> step_of(Uplink& uplink, std::string_view order) {
  if (order.starts_with(k_rotate_order)) {
    const auto which = store::keys_to_go_named(order.substr(k_rotate_order.size()));
    if (!which) return record::fail(record::ErrorKind::invalid, "which: both, receipt or device");
    if (auto ordered = uplink.order_rotation(*which); !ordered) return tl::unexpected(ordered.error());
  }
  return uplink.carry_rotation();
}

}  // namespace

bool is_rotation_order(std::string_view order) {
  return order.starts_with(k_rotate_order) || order == k_rotation_order;
}

std::string answer_rotation_order(Uplink& uplink, std::string_view order) {
  const auto step = step_of(uplink, order);
  const auto written = [](const json& out) { return out.dump(-1, ' ', false, json::error_handler_t::replace); };
  if (!step) {
    return written({{"error", {{"kind", record::kind_name(step.error().kind)}, {"text", step.error().text}}}});
  }
  const store::Identity& identity = uplink.identity();
  return written({{"state", step_name(step->step)},
                  {"reason", step->reason},
                  {"fingerprint", wire::enrol_fingerprint(identity.receipt_key, identity.device_key)},
                  {"changes", identity.key_changes.size()}});
}

}  // namespace anjungan::agent
