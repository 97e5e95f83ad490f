// SPDX-License-Identifier: Apache-2.0
// How the centre's certificate is judged.
#pragma once

#include <curl/curl.h>

#include <string>

namespace anjungan::agent {

/// For one request of `easy`: TLS 1.3; with `ca_file` (PEM) its roots alone and none of the system's; and, as long as
/// this machine's clock is before the program's own time, a certificate's dates are not judged. A terminal whose
/// battery is dead must not be shut out for good: its name and its issuer are still judged, every message is signed
/// both ways, and the centre's signed answer then says what time it is.
void require_tls(CURL* easy, const std::string& ca_file);

/// What went wrong and what to do, for a failed TLS connection; empty for any other failure. `said`: libcurl's own
/// words.
[[nodiscard]] std::string tls_failure(CURLcode code, const char* said, const std::string& ca_file);

}  // namespace anjungan::agent
