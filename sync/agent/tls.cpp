// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/tls.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include "sync/record/clock.h"

namespace anjungan::agent {
namespace {

CURLcode judge_no_dates(CURL* /*easy*/, void* context, void* /*mine*/) {
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(static_cast<SSL_CTX*>(context)), X509_V_FLAG_NO_CHECK_TIME);
  return CURLE_OK;
}

}  // namespace

void require_tls(CURL* easy, const std::string& ca_file) {
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_3));
  if (!ca_file.empty()) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, ca_file.c_str());
    // Debian's libcurl looks into /etc/ssl/certs as well unless told otherwise.
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  }
  if (!record::clock_is_sane(record::SystemClock().unix_ms())) {
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, &judge_no_dates);
  }
}

std::string tls_failure(CURLcode code, const char* said, const std::string& ca_file) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return fmt::format("the centre's certificate is not accepted: {}; {}", said,
                         ca_file.empty() ? "look at the date here and at the certificate there, or name its root in "
                                           "centre.ca"
                                         : "look at the date here, at the certificate there and at centre.ca");
    case CURLE_SSL_CACERT_BADFILE:
      return fmt::format("centre.ca: \"{}\" cannot be read as PEM certificates", ca_file);
    case CURLE_SSL_CONNECT_ERROR:
      return fmt::format("no TLS 1.3 with the centre: {}", said);
    default:
      return {};
  }
}

}  // namespace anjungan::agent
