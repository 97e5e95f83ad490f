// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace anjungan::store {

/// Whether systemd has started this very process (and not a shell around it), so that its unit brings it back when it
/// ends. The units that come with the programs have Restart=always.
[[nodiscard]] bool brought_back();

}  // namespace anjungan::store
