// SPDX-License-Identifier: Apache-2.0
#include "sync/agent/http_client.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <mutex>

#include "sync/agent/tls.h"
#include "sync/wire/http.h"

namespace anjungan::agent {
namespace {

using record::ErrorKind;

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
struct FreeText {
  void operator()(char* text) const { curl_free(text); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

tl::unexpected<record::Error> fault(ErrorKind kind, std::string text) {
  return tl::unexpected(record::Error{kind, std::move(text)});
}

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  const std::unique_ptr<char, FreeText> owner(text);
  return text;
}

bool is_loopback(const std::string& host) {
  if (host == "localhost" || host == "[::1]") return true;
  return host.rfind("127.", 0) == 0 && host.find_first_not_of("0123456789.") == std::string::npos;
}

void start_curl_once() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

}  // namespace

record::Result<std::string> check_base_url(const std::string& base_url) {
  start_curl_once();
  const Url url(curl_url());
  if (!url) return fault(ErrorKind::io, "out of memory");
  if (curl_url_set(url.get(), CURLUPART_URL, base_url.c_str(), 0) != CURLUE_OK) {
    return fault(ErrorKind::invalid,
                 fmt::format("\"{}\" is not an address; write it as https://host or https://host:port", base_url));
  }
  const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
  const std::string host = part_of(url.get(), CURLUPART_HOST);
  if (!part_of(url.get(), CURLUPART_USER).empty() || !part_of(url.get(), CURLUPART_QUERY).empty() ||
      !part_of(url.get(), CURLUPART_FRAGMENT).empty()) {
    return fault(ErrorKind::invalid, "the centre's address must hold no user, query or fragment");
  }
  if (scheme != "https" && !(scheme == "http" && is_loopback(host))) {
    return fault(
        ErrorKind::invalid,
        fmt::format("\"{}\" would cross the network unprotected; use https (http is for 127.0.0.1 and ::1 only)",
                    base_url));
  }
  std::string out = base_url;
  while (!out.empty() && out.back() == '/') out.pop_back();
  return out;
}

struct HttpClient::Curl {
  std::string base_url;
  Options options;
  CURL* easy = nullptr;
  CURLM* multi = nullptr;
  HttpAnswer answer;
  bool too_large = false;
  std::array<char, CURL_ERROR_SIZE> said{};

  ~Curl() {
    if (easy != nullptr) curl_easy_cleanup(easy);
    if (multi != nullptr) curl_multi_cleanup(multi);
  }

  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self) {
    auto& curl = *static_cast<Curl*>(self);
    const std::size_t bytes = size * count;
    if (curl.answer.body.size() + bytes > curl.options.max_answer_bytes) {
      curl.too_large = true;
      return 0;
    }
    curl.answer.body.insert(curl.answer.body.end(), data, data + bytes);
    return bytes;
  }

  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(easy, option, value);
  }

  // Runs the transfer that `easy` describes until it ends or the stop descriptor becomes readable.
  CURLcode run() {
    curl_multi_add_handle(multi, easy);
    CURLcode code = CURLE_ABORTED_BY_CALLBACK;
    for (;;) {
      int running = 0;
      if (curl_multi_perform(multi, &running) != CURLM_OK) break;
      if (running == 0) {
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
          if (message->msg == CURLMSG_DONE) code = message->data.result;
        }
        break;
      }
      curl_waitfd stop{options.stop == nullptr ? -1 : options.stop->fd(), CURL_WAIT_POLLIN, 0};
      const unsigned extra = options.stop == nullptr ? 0 : 1;
      if (curl_multi_poll(multi, &stop, extra, 1000, nullptr) != CURLM_OK || stop.revents != 0) break;
    }
    curl_multi_remove_handle(multi, easy);
    return code;
  }
};

HttpClient::HttpClient(std::unique_ptr<Curl> curl) : m_curl(std::move(curl)) {}
HttpClient::~HttpClient() = default;

record::Result<std::unique_ptr<HttpClient>> HttpClient::open(const std::string& base_url, Options options) {
  start_curl_once();
  auto curl = std::make_unique<Curl>();
  if (options.unix_socket.empty()) {
    auto checked = check_base_url(base_url);
    if (!checked) return tl::unexpected(checked.error());
    curl->base_url = *std::move(checked);
  } else {
    curl->base_url = base_url;
  }
  curl->options = std::move(options);
  curl->easy = curl_easy_init();
  curl->multi = curl_multi_init();
  if (curl->easy == nullptr || curl->multi == nullptr) return fault(ErrorKind::io, "cannot set up HTTP");
  return std::unique_ptr<HttpClient>(new HttpClient(std::move(curl)));
}

record::Result<HttpAnswer> HttpClient::post(std::string_view path, record::ByteView body, const Headers& headers) {
  return exchange(Method::post, path, body, headers);
}

record::Result<HttpAnswer> HttpClient::get(std::string_view path_and_query) {
  return exchange(Method::get, path_and_query, {}, {});
}

record::Result<HttpAnswer> HttpClient::carry(std::string_view path, const record::ByteView* piece,
                                             const Headers& headers) {
  return piece == nullptr ? exchange(Method::head, path, {}, headers) : exchange(Method::patch, path, *piece, headers);
}

record::Result<HttpAnswer> HttpClient::exchange(Method method, std::string_view path, record::ByteView body,
                                                const Headers& headers) {
  Curl& curl = *m_curl;
  const Options& options = curl.options;
  curl.answer = {};
  curl.too_large = false;
  // Resets the options only: connections stay open in the multi handle and are used again.
  curl_easy_reset(curl.easy);
  const std::string url = curl.base_url + std::string(path);
  const bool secure = curl.base_url.rfind("https", 0) == 0;
  curl.set(CURLOPT_URL, url.c_str());
  curl.set(CURLOPT_PROTOCOLS_STR, secure ? "https" : "http");
  curl.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl.set(CURLOPT_FOLLOWLOCATION, 0L);
  curl.set(CURLOPT_NOSIGNAL, 1L);
  curl.set(CURLOPT_USERAGENT, options.user_agent.c_str());
  curl.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  curl.set(CURLOPT_TIMEOUT_MS, static_cast<long>(options.total_timeout.count()));
  curl.set(CURLOPT_LOW_SPEED_LIMIT, 64L);
  curl.set(CURLOPT_LOW_SPEED_TIME, 20L);
  // An empty string, unlike an unset option, keeps the environment's proxy variables out.
  curl.set(CURLOPT_PROXY, options.proxy.c_str());
  if (!options.unix_socket.empty()) curl.set(CURLOPT_UNIX_SOCKET_PATH, options.unix_socket.c_str());
  if (secure) require_tls(curl.easy, options.ca_file);
  curl.said[0] = '\0';
  curl.set(CURLOPT_ERRORBUFFER, curl.said.data());
  curl.set(CURLOPT_WRITEFUNCTION, &Curl::on_body);
  curl.set(CURLOPT_WRITEDATA, &curl);

  HeaderList list;
  const auto add = [&list](const std::string& line) {
    curl_slist* longer = curl_slist_append(list.get(), line.c_str());
    if (longer == nullptr) return;
    [[maybe_unused]] const curl_slist* same_or_first = list.release();
    list.reset(longer);
  };
  if (method == Method::post || method == Method::patch) {
    curl.set(CURLOPT_POST, 1L);
    if (method == Method::patch) curl.set(CURLOPT_CUSTOMREQUEST, "PATCH");
    curl.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    curl.set(CURLOPT_POSTFIELDS, body.empty() ? "" : reinterpret_cast<const char*>(body.data()));
    add("Expect:");
  } else if (method == Method::head) {
    curl.set(CURLOPT_NOBODY, 1L);
  } else {
    curl.set(CURLOPT_HTTPGET, 1L);
  }
  for (const auto& [name, value] : headers) add(name + ": " + value);
  curl.set(CURLOPT_HTTPHEADER, list.get());

  const CURLcode code = curl.run();
  if (curl.too_large) {
    return fault(ErrorKind::invalid, fmt::format("the answer is larger than {} bytes", options.max_answer_bytes));
  }
  if (std::string why = tls_failure(code, curl.said.data(), options.ca_file); !why.empty()) {
    return fault(ErrorKind::unavailable, std::move(why));
  }
  if (code != CURLE_OK) {
    return fault(ErrorKind::unavailable, code == CURLE_ABORTED_BY_CALLBACK
                                             ? std::string("the exchange was interrupted")
                                             : fmt::format("no answer: {}", curl_easy_strerror(code)));
  }
  curl_easy_getinfo(curl.easy, CURLINFO_RESPONSE_CODE, &curl.answer.status);
  const char* type = nullptr;
  if (curl_easy_getinfo(curl.easy, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != nullptr) {
    curl.answer.content_type = type;
  }
  curl_off_t wait = 0;
  if (curl_easy_getinfo(curl.easy, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0) {
    curl.answer.retry_after = std::chrono::seconds(std::min<curl_off_t>(wait, 365 * 24 * 3600));
  }
  curl_header* message = nullptr;
  if (curl_easy_header(curl.easy, std::string(wire::k_answer_header).c_str(), 0, CURLH_HEADER, -1, &message) ==
      CURLHE_OK) {
    curl.answer.message = message->value;
  }
  return std::move(curl.answer);
}

}  // namespace anjungan::agent
