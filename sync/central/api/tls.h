// SPDX-License-Identifier: Apache-2.0
// The centre's own certificate, for a host without a proxy in front.
#pragma once

#include <memory>
#include <string>

#include "sync/record/result.h"

struct ssl_ctx_st;

namespace anjungan::central {

struct FreeTlsContext {
  void operator()(ssl_ctx_st* context) const;
};
using TlsContext = std::unique_ptr<ssl_ctx_st, FreeTlsContext>;

/// From `certificate` (PEM: the server's own, then those between it and the root) and its `key` (PEM, without a
/// passphrase). TLS 1.2 with forward secrecy and 1.3: terminals speak 1.3, telephones older than Android 10 do not.
/// `invalid`: what is wrong with which file.
[[nodiscard]] record::Result<TlsContext> load_tls(const std::string& certificate, const std::string& key);

}  // namespace anjungan::central
