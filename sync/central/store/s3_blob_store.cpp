// SPDX-License-Identifier: Apache-2.0
// A bucket that speaks S3, through libcurl's signatures (AWS Signature Version 4). Objects are at most 8 MiB and named
// in hexadecimal, so one plain PUT stores one, and neither escaping nor multipart nor a query needs signing: there
// libcurl 7.88 (Debian 12) signs wrongly (curl 8810, 9717). It is right when x-amz-content-sha256 is given.
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <mutex>
#include <vector>

#include "sync/central/store/blob_store.h"
#include "sync/store/files.h"
#include "sync/wire/http.h"

namespace anjungan::central {

using record::ErrorKind;
using record::fail;
using record::Result;

namespace {

struct EndCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using Handle = std::unique_ptr<CURL, EndCurl>;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// What is being sent, or has come; never more than an object.
struct Exchange {
  record::ByteView out;
  std::size_t sent = 0;
  record::Bytes in;
  bool too_large = false;
};

std::size_t on_read(char* to, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  const std::size_t bytes = std::min(size * count, exchange.out.size() - exchange.sent);
  std::copy_n(exchange.out.begin() + static_cast<std::ptrdiff_t>(exchange.sent), bytes, to);
  exchange.sent += bytes;
  return bytes;
}

std::size_t on_write(char* data, std::size_t size, std::size_t count, void* self) {
  auto& exchange = *static_cast<Exchange*>(self);
  const std::size_t bytes = size * count;
  exchange.too_large = exchange.in.size() + bytes > record::k_most_blob_bytes;
  if (exchange.too_large) return 0;
  exchange.in.insert(exchange.in.end(), data, data + bytes);
  return bytes;
}

bool is_protected(const std::string& url) {
  if (url.starts_with("https://")) return true;
  for (const char* here : {"http://127.0.0.1:", "http://localhost:", "http://[::1]:"}) {
    if (url.starts_with(here)) return true;
  }
  return false;
}

class S3BlobStore final : public BlobStore {
 public:
  explicit S3BlobStore(S3Bucket bucket) : m_bucket(std::move(bucket)) {}

  Result<bool> has(const record::Hash& hash, std::uint64_t size) override {
    Exchange exchange;
    curl_off_t length = -1;
    auto status = run("HEAD", hash, exchange, &length);
    if (!status) return tl::unexpected(status.error());
    if (*status == 404) return false;
    if (*status != 200) return refused("HEAD", *status);
    return length >= 0 && static_cast<std::uint64_t>(length) == size;
  }

  Result<void> keep(const record::Hash& hash, std::uint64_t size, const std::string& path) override {
    auto bytes = store::read_file(path, record::k_most_blob_bytes);
    if (!bytes) return tl::unexpected(bytes.error());
    if (bytes->size() != size) return fail(ErrorKind::corrupt, path + ": has another size");
    Exchange exchange;
    exchange.out = *bytes;
    auto status = run("PUT", hash, exchange, nullptr);
    if (!status) return tl::unexpected(status.error());
    if (*status != 200 && *status != 201) return refused("PUT", *status);
    return {};
  }

  Result<record::Bytes> read(const record::Hash& hash) override {
    Exchange exchange;
    auto status = run("GET", hash, exchange, nullptr);
    if (!status) return tl::unexpected(status.error());
    if (*status == 404) return fail(ErrorKind::not_found, "bucket: there is no such attachment");
    if (*status != 200) return refused("GET", *status);
    return std::move(exchange.in);
  }

 private:
  /// Connections stay open in the handles.
  Handle take() {
    const std::lock_guard guard(m_mutex);
    if (m_idle.empty()) return Handle(curl_easy_init());
    Handle out = std::move(m_idle.back());
    m_idle.pop_back();
    curl_easy_reset(out.get());
    return out;
  }

  void give_back(Handle handle) {
    const std::lock_guard guard(m_mutex);
    m_idle.push_back(std::move(handle));
  }

  Result<long> run(const std::string& method, const record::Hash& hash, Exchange& exchange, curl_off_t* length) {
    Handle handle = take();
    if (!handle) return fail(ErrorKind::io, "bucket: cannot set up HTTP");
    CURL* curl = handle.get();
    const std::string name = record::to_hex(hash);
    const std::string url = fmt::format("{}/{}/{}", m_bucket.url, name.substr(0, 2), name);
    const std::string scheme = fmt::format("aws:amz:{}:s3", m_bucket.region);
    const std::string login = m_bucket.key_id + ":" + m_bucket.secret;
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, 10'000L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 20'000L);
    curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, scheme.c_str());
    curl_easy_setopt(curl, CURLOPT_USERPWD, login.c_str());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &on_write);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
    if (method == "HEAD") {
      curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
    } else if (method == "PUT") {
      curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
      curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(exchange.out.size()));
      curl_easy_setopt(curl, CURLOPT_READFUNCTION, &on_read);
      curl_easy_setopt(curl, CURLOPT_READDATA, &exchange);
    }
    const std::string digest = "x-amz-content-sha256: " + record::to_hex(wire::sha256(exchange.out).bytes);
    std::unique_ptr<curl_slist, FreeList> headers(curl_slist_append(nullptr, digest.c_str()));
    if (headers) curl_slist_append(headers.get(), "Expect:");
    if (headers) curl_slist_append(headers.get(), "Content-Type: application/octet-stream");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    const CURLcode code = curl_easy_perform(curl);
    if (exchange.too_large) return fail(ErrorKind::corrupt, "bucket: the object is larger than an attachment");
    if (code != CURLE_OK) {
      return fail(ErrorKind::unavailable, fmt::format("bucket: no answer: {}", curl_easy_strerror(code)));
    }
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (length != nullptr) curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, length);
    give_back(std::move(handle));
    return status;
  }

  static tl::unexpected<record::Error> refused(const char* method, long status) {
    return fail(
        status == 401 || status == 403 ? ErrorKind::denied : ErrorKind::unavailable,
        fmt::format("bucket: {} was answered with status {}{}", method, status,
                    status == 403 ? "; is the key right, may it read, write and list, and is this clock?" : ""));
  }

  S3Bucket m_bucket;
  std::mutex m_mutex;
  std::vector<Handle> m_idle;
};

}  // namespace

Result<std::unique_ptr<BlobStore>> open_s3_blob_store(S3Bucket bucket) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  while (bucket.url.ends_with('/')) bucket.url.pop_back();
  if (!is_protected(bucket.url)) {
    return fail(ErrorKind::invalid, "blobs: must be https://HOST/BUCKET (http is for this machine alone)");
  }
  if (bucket.url.find_first_of("?#@ ") != std::string::npos) {
    return fail(ErrorKind::invalid, "blobs: must hold no user, query or fragment");
  }
  if (bucket.region.empty() || bucket.region.find(':') != std::string::npos) {
    return fail(ErrorKind::invalid, "blob-region: a name such as ap-southeast-3");
  }
  if (bucket.key_id.empty() || bucket.secret.empty() || bucket.key_id.find(':') != std::string::npos) {
    return fail(ErrorKind::invalid,
                "blobs: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment of the service");
  }
  return std::make_unique<S3BlobStore>(std::move(bucket));
}

}  // namespace anjungan::central
