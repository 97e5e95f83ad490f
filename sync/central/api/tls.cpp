// SPDX-License-Identifier: Apache-2.0
#include "sync/central/api/tls.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>

namespace anjungan::central {
namespace {

/// The reason of the last failure in OpenSSL's words.
std::string last_reason() {
  const unsigned long code = ERR_get_error();
  const char* reason = ERR_reason_error_string(code);
  ERR_clear_error();
  if (ERR_GET_LIB(code) == ERR_LIB_X509 && ERR_GET_REASON(code) == X509_R_KEY_VALUES_MISMATCH) {
    return "it is not the certificate's";
  }
  return reason != nullptr ? reason : "not readable";
}

/// A key that waits for a passphrase would wait for ever.
int no_passphrase(char* /*into*/, int /*size*/, int /*writing*/, void* /*mine*/) { return -1; }

tl::unexpected<record::Error> wrong(const char* what, const std::string& file, const std::string& why) {
  return record::fail(record::ErrorKind::invalid, fmt::format("{} {}: {}", what, file, why));
}

}  // namespace

void FreeTlsContext::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

record::Result<TlsContext> load_tls(const std::string& certificate, const std::string& key) {
  ERR_clear_error();
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  if (!context) return record::fail(record::ErrorKind::io, "TLS: " + last_reason());
  SSL_CTX_set_default_passwd_cb(context.get(), &no_passphrase);
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) != 1) {
    return wrong("--tls-certificate", certificate, last_reason());
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1) {
    return wrong("--tls-key", key, last_reason());
  }
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context.get(), "ECDHE+AESGCM:ECDHE+CHACHA20");
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);  // ten thousand idle connections hold nothing
  return context;
}

}  // namespace anjungan::central
