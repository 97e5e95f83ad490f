// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "sync/agent/http_client.h"
#include "sync/agent/stop.h"
#include "sync/record/result.h"
#include "sync/store/identity.h"
#include "sync/wire/enrol.h"

namespace anjungan::agent {

// Enrolment from the terminal's side (PROTOCOL.md, "Enrolment"): makes the terminal's two keys, sends them under the
// one-time code, waits for the administrator and writes who the terminal now is. Run by `anjunganctl enrol`; the kiosk
// and the agent start working as soon as the identity is there.
struct EnrolmentSteps {
  // The fingerprint that terminal and administrator compare; called once, before the first request.
  std::function<void(const std::string& fingerprint)> show_fingerprint;
  // The centre knows the terminal and waits for the administrator's confirmation; called after each look.
  std::function<void(std::chrono::seconds waited)> waiting;
};

struct EnrolmentOptions {
  std::string data_folder;
  std::chrono::milliseconds poll{2'000};
  // How long to wait for the administrator.
  std::chrono::seconds patience{3600};
  std::string software;
};

// Keys that an interrupted enrolment left behind are used again: the same code with the same keys gets the same answer.
// Fails with `conflict` when the terminal is enrolled already (an identity is never overwritten), `not_found` when the
// centre knows no such code, `denied` when it has expired, was used by another terminal or whoever answered does not
// know it, `unavailable` when nobody answered or nobody confirmed in time.
[[nodiscard]] record::Result<store::Identity> enrol(const EnrolmentOptions& options, const wire::EnrolCode& code,
                                                    Transport& transport, const Stop& stop,
                                                    const EnrolmentSteps& steps);

}  // namespace anjungan::agent
