// SPDX-License-Identifier: Apache-2.0
// The service manager's ear (sd_notify(3)): a datagram to the socket that NOTIFY_SOCKET names; silence without one.
#pragma once

namespace anjungan::app {

/// The first picture is on the screen.
void notify_ready();
/// The screen's loop turns; to be said more often than half of WatchdogSec.
void notify_alive();
void notify_stopping();

}  // namespace anjungan::app
