// SPDX-License-Identifier: Apache-2.0
#include "printer/spool/cups_printer.h"

#include <cups/cups.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <vector>

#include "printer/render/render.h"
#include "printer/spool/media.h"
#include "printer/spool/reasons.h"

namespace anjungan::spool {
namespace {

constexpr int k_connect_ms = 1'500;
constexpr double k_answer_s = 2;  // of silence, once connected
// A look: together with the second that libcups waits before it sends, a scheduler that hangs is named within two.
constexpr double k_look_s = 0.6;
constexpr std::size_t k_title_bytes = 200;
constexpr int k_stuck_s = 30;  // at the device without a word: nobody is there

struct HttpClose {
  void operator()(http_t* http) const { httpClose(http); }
};
struct IppDelete {
  void operator()(ipp_t* message) const { ippDelete(message); }
};
using Connection = std::unique_ptr<http_t, HttpClose>;
using Message = std::unique_ptr<ipp_t, IppDelete>;

// A scheduler that wants a password is not asked again; nobody sits at a keyboard here.
const char* no_password(const char*, http_t*, const char*, const char*, void*) { return nullptr; }
int no_more_waiting(http_t*, void*) { return 0; }

Connection connect(double answer_s = k_answer_s) {
  cupsSetPasswordCB2(no_password, nullptr);
  cupsSetServer(nullptr);  // looked up anew each time: libcups would keep the thread's first address for ever
  Connection http(
      httpConnect2(cupsServer(), ippPort(), nullptr, AF_UNSPEC, cupsEncryption(), 1, k_connect_ms, nullptr));
  if (http) httpSetTimeout(http.get(), answer_s, no_more_waiting, nullptr);
  return http;
}

Error spooler_down() { return {ErrorKind::spooler_down, "CUPS does not answer"}; }

std::string printer_uri(const std::string& queue) {
  char uri[HTTP_MAX_URI];
  httpAssembleURIf(HTTP_URI_CODING_ALL, uri, sizeof uri, "ipp", nullptr, "localhost", 0, "/printers/%s", queue.c_str());
  return uri;
}

ipp_t* new_request(ipp_op_t operation, const std::string& queue, int job_id = 0) {
  ipp_t* request = ippNewRequest(operation);
  ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_URI, "printer-uri", nullptr, printer_uri(queue).c_str());
  if (job_id != 0) ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "job-id", job_id);
  ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "requesting-user-name", nullptr, cupsUser());
  return request;
}

void ask_for(ipp_t* request, std::initializer_list<const char*> names) {
  const std::vector<const char*> list(names);
  ippAddStrings(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "requested-attributes", static_cast<int>(list.size()),
                nullptr, list.data());
}

// Whether the scheduler itself gave this answer; libcups makes one up when nobody did.
bool answered(const Connection& http, const Message& answer) {
  return answer != nullptr && httpError(http.get()) == 0 &&
         ippGetStatusCode(answer.get()) < IPP_STATUS_ERROR_CUPS_AUTHENTICATION_CANCELED &&
         ippGetStatusCode(answer.get()) != IPP_STATUS_ERROR_SERVICE_UNAVAILABLE;
}

Message ask(const Connection& http, ipp_t* request) { return Message(cupsDoRequest(http.get(), request, "/")); }

bool lacks_rights(ipp_status_t status) {
  return status == IPP_STATUS_ERROR_FORBIDDEN || status == IPP_STATUS_ERROR_NOT_AUTHENTICATED ||
         status == IPP_STATUS_ERROR_NOT_AUTHORIZED || status == IPP_STATUS_ERROR_CUPS_AUTHENTICATION_CANCELED;
}

bool good(const Message& answer) { return ippGetStatusCode(answer.get()) <= IPP_STATUS_OK_EVENTS_COMPLETE; }

int integer(const Message& answer, const char* name, ipp_tag_t tag = IPP_TAG_INTEGER, int otherwise = 0) {
  ipp_attribute_t* found = ippFindAttribute(answer.get(), name, tag);
  return found == nullptr ? otherwise : ippGetInteger(found, 0);
}

std::string text_of(ipp_attribute_t* attribute, int at = 0) {
  const char* text = attribute == nullptr ? nullptr : ippGetString(attribute, at, nullptr);
  return text == nullptr ? std::string() : text;
}

std::string text(const Message& answer, const char* name) {
  return text_of(ippFindAttribute(answer.get(), name, IPP_TAG_ZERO));
}

std::vector<std::string> words(const Message& answer, const char* name) {
  std::vector<std::string> out;
  ipp_attribute_t* found = ippFindAttribute(answer.get(), name, IPP_TAG_ZERO);
  for (int i = 0; found != nullptr && i < ippGetCount(found); i++) out.push_back(text_of(found, i));
  return out;
}

bool holds(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string clean_title(const std::string& title, int attempt) {
  const std::string end = "/" + std::to_string(attempt);
  std::string out;
  for (const char c : title) {
    if (out.size() + end.size() >= k_title_bytes) break;
    out.push_back(c >= ' ' && c <= '~' ? c : '-');
  }
  return out + end;
}

// "17 urn:uuid:...": the id is quick to ask for, the uuid tells whether it is still the same job.
struct Handle {
  int id = 0;
  std::string uuid;

  [[nodiscard]] std::string str() const { return std::to_string(id) + " " + uuid; }
  static Handle parse(const std::string& text) {
    Handle out;
    const auto done = std::from_chars(text.data(), text.data() + text.size(), out.id);
    if (done.ec != std::errc() || done.ptr == text.data() + text.size()) return {};
    out.uuid = std::string(done.ptr + 1, text.data() + text.size());
    return out;
  }
};

using Jobs = std::vector<std::pair<std::string, Handle>>;

// The queue's jobs in any state, some hundred from this id on, or an error when CUPS did not tell.
Result<Jobs> some_jobs(const Connection& http, const std::string& queue, int first_id) {
  ipp_t* request = new_request(IPP_OP_GET_JOBS, queue);
  ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_KEYWORD, "which-jobs", nullptr, "all");
  ippAddInteger(request, IPP_TAG_OPERATION, IPP_TAG_INTEGER, "first-job-id", first_id);
  ask_for(request, {"job-id", "job-uuid", "job-name"});
  const Message answer = ask(http, request);
  if (!answered(http, answer)) return tl::unexpected(spooler_down());
  Jobs out;
  if (ippGetStatusCode(answer.get()) == IPP_STATUS_ERROR_NOT_FOUND) return out;
  if (!good(answer)) return tl::unexpected(Error{ErrorKind::unknown, "CUPS does not list its jobs"});
  bool inside = false;
  for (ipp_attribute_t* one = ippFirstAttribute(answer.get()); one != nullptr; one = ippNextAttribute(answer.get())) {
    if (ippGetGroupTag(one) != IPP_TAG_JOB || ippGetName(one) == nullptr) {
      inside = false;  // between two jobs
      continue;
    }
    if (!inside) out.emplace_back();
    inside = true;
    const std::string_view name = ippGetName(one);
    if (name == "job-id") out.back().second.id = ippGetInteger(one, 0);
    if (name == "job-uuid") out.back().second.uuid = text_of(one);
    if (name == "job-name") out.back().first = text_of(one);
  }
  return out;
}

// All of them. CUPS lists 500 at most, the oldest first: a new job is not among those of a long day.
Result<Jobs> all_jobs(const Connection& http, const std::string& queue) {
  Jobs out;
  for (int first_id = 1;;) {
    auto some = some_jobs(http, queue, first_id);
    if (!some) return tl::unexpected(some.error());
    int last_id = 0;
    for (auto& one : *some) {
      last_id = std::max(last_id, one.second.id);
      out.push_back(std::move(one));
    }
    if (some->empty()) return out;
    if (last_id < first_id) return tl::unexpected(Error{ErrorKind::unknown, "CUPS does not list its jobs in order"});
    first_id = last_id + 1;
  }
}

/// Whether it was canceled by this.
bool cancel_job(const Connection& http, const std::string& queue, int job_id) {
  const Message answer = ask(http, new_request(IPP_OP_CANCEL_JOB, queue, job_id));
  return answered(http, answer) && good(answer);
}

Message job_attributes(const Connection& http, const std::string& queue, int job_id) {
  ipp_t* request = new_request(IPP_OP_GET_JOB_ATTRIBUTES, queue, job_id);
  ask_for(request, {"job-uuid", "job-state", "job-state-reasons", "job-impressions-completed", "time-at-processing",
                    "job-printer-up-time", "job-k-octets", "job-media-progress"});
  return ask(http, request);
}

Message printer_attributes(const Connection& http, const std::string& queue) {
  ipp_t* request = new_request(IPP_OP_GET_PRINTER_ATTRIBUTES, queue);
  ask_for(request,
          {"printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "device-uri", "media-supported"});
  return ask(http, request);
}

PrinterView view_of(const Message& printer, const std::string& queue) {
  if (ippGetStatusCode(printer.get()) == IPP_STATUS_ERROR_NOT_FOUND) {
    return {Condition::error, "CUPS has no queue " + queue};
  }
  if (!good(printer)) return {Condition::unknown, "CUPS does not tell the queue's state"};
  if (ippGetInteger(ippFindAttribute(printer.get(), "printer-state", IPP_TAG_ENUM), 0) == IPP_PSTATE_STOPPED) {
    return {Condition::paused, "the queue is paused"};
  }
  if (ippGetBoolean(ippFindAttribute(printer.get(), "printer-is-accepting-jobs", IPP_TAG_BOOLEAN), 0) == 0) {
    return {Condition::paused, "the queue does not accept jobs"};
  }
  return condition_of(words(printer, "printer-state-reasons"));
}

// What an ended job that is not a plain success says: nothing reached the paper only if it never began.
JobView ended_badly(const Message& job, const char* reason) {
  const bool began = ippFindAttribute(job.get(), "time-at-processing", IPP_TAG_INTEGER) != nullptr;
  return {began || integer(job, "job-k-octets") == 0 ? JobState::unknown : JobState::failed, reason};
}

// submit() has returned and never holds a job: staff does, or the scheduler knows no whole document of it (a size is
// counted at a document's end). Then none will come, and the job must not be printed a quarter of an hour later.
JobView held(const Connection& http, const std::string& queue, int job_id, const Message& job) {
  const bool incoming = holds(words(job, "job-state-reasons"), "job-incoming");
  if (!incoming && integer(job, "job-k-octets") != 0) return {JobState::sending, "held"};
  if (!cancel_job(http, queue, job_id)) return {JobState::sending, ""};
  // A scheduler that was killed: the document may have come and the paper moved before it wrote either down.
  if (!incoming) return {JobState::unknown, "cut-off"};
  // Create-Job alone prints nothing, unless the document has come in between.
  const Message after = job_attributes(http, queue, job_id);
  const int state = ippGetInteger(ippFindAttribute(after.get(), "job-state", IPP_TAG_ENUM), 0);
  const bool began = ippFindAttribute(after.get(), "time-at-processing", IPP_TAG_INTEGER) != nullptr;
  return {answered(http, after) && state == IPP_JSTATE_CANCELED && !began ? JobState::failed : JobState::sending,
          "canceled"};
}

JobView at_the_device(const Connection& http, const std::string& queue, const Message& job) {
  const Message printer = printer_attributes(http, queue);
  if (!answered(http, printer)) return {JobState::sending, error_keyword(ErrorKind::spooler_down)};
  const PrinterView view = view_of(printer, queue);
  const int since = integer(job, "time-at-processing");
  // Ours says when the first byte goes, and waits before it for what the printer lacks. Of other backends nobody knows.
  const bool ours = text(printer, "device-uri").rfind("struk:", 0) == 0;
  const bool begun = ours ? integer(job, "job-media-progress") > 0 : since != 0;
  if (!view.usable()) return {JobState::sending, condition_name(view.condition), begun};
  const bool stuck = since != 0 && integer(job, "job-printer-up-time") - since > k_stuck_s;
  return {JobState::sending, stuck ? condition_name(Condition::offline) : "", begun};
}

JobView completed(const Connection& http, const std::string& queue, const Message& job) {
  if (holds(words(job, "job-state-reasons"), "cups-ipp-missing-job-history")) return {JobState::unknown, "missing"};
  const Message printer = printer_attributes(http, queue);
  if (!answered(http, printer)) return {JobState::sending, error_keyword(ErrorKind::spooler_down)};
  const std::string device = text(printer, "device-uri");
  const int impressions = integer(job, "job-impressions-completed");
  if (device.rfind("struk:", 0) == 0) {
    // Ours counts 1 for paper that it saw, 100 for bytes that it sent (each once more for every crash of CUPS), and
    // nothing when it was killed: CUPS takes that for success.
    return impressions >= 100 ? JobView{JobState::sent, ""}
           : impressions >= 1 ? JobView{JobState::printed, ""}
                              : JobView{JobState::unknown, "cut-off"};
  }
  const bool ipp = device.rfind("ipp:", 0) == 0 || device.rfind("ipps:", 0) == 0;
  return {ipp && impressions >= 1 ? JobState::printed : JobState::sent, ""};
}

JobView judge(const Connection& http, const std::string& queue, int job_id, const Message& job) {
  switch (ippGetInteger(ippFindAttribute(job.get(), "job-state", IPP_TAG_ENUM), 0)) {
    case IPP_JSTATE_HELD:
      return held(http, queue, job_id, job);
    case IPP_JSTATE_PENDING:
    case IPP_JSTATE_PROCESSING:
    case IPP_JSTATE_STOPPED:
      return at_the_device(http, queue, job);
    case IPP_JSTATE_CANCELED:
      return ended_badly(job, "canceled");
    case IPP_JSTATE_ABORTED:
      return ended_badly(job, "aborted");
    case IPP_JSTATE_COMPLETED:
      return completed(http, queue, job);
    default:
      return {JobState::sending, ""};
  }
}

struct Found {
  int id = 0;  // 0: CUPS does not know it any more
  Message job;
};

// The handle's job under its present id, or an error when CUPS does not tell.
Result<Found> look_up(const Connection& http, const std::string& queue, const Handle& handle) {
  Message job = job_attributes(http, queue, handle.id);
  if (!answered(http, job)) return tl::unexpected(spooler_down());
  if (good(job) && text(job, "job-uuid") == handle.uuid) return Found{handle.id, std::move(job)};
  // The id belongs to another job after a power cut; the uuid belongs to nobody else.
  const auto jobs = all_jobs(http, queue);
  if (!jobs) return tl::unexpected(jobs.error());
  int id = 0;
  for (const auto& [name, one] : *jobs) {
    if (one.uuid == handle.uuid) id = one.id;
  }
  if (id == 0) return Found{};
  job = job_attributes(http, queue, id);
  if (!answered(http, job)) return tl::unexpected(spooler_down());
  return Found{id, std::move(job)};
}

// What it is printed on; empty where no filter asks.
Result<std::string> media_of(const Message& printer, const receipt::Page& page, const render::Target& target) {
  if (target.format == render::Format::pdf) return "iso_a4_210x297mm";
  if (target.format != render::Format::pwg) return std::string();
  const int dpi = target.medium.dpi;
  const auto hundredths = [dpi](int dots) { return (dots * 2'540 + dpi - 1) / dpi; };
  return media_for(words(printer, "media-supported"), {hundredths(page.width), hundredths(page.height)});
}

Result<int> create_job(const Connection& http, const std::string& queue, const std::string& title,
                       const std::string& media) {
  ipp_t* request = new_request(IPP_OP_CREATE_JOB, queue);
  ippAddString(request, IPP_TAG_OPERATION, IPP_TAG_NAME, "job-name", nullptr, title.c_str());
  if (!media.empty()) ippAddString(request, IPP_TAG_JOB, IPP_TAG_KEYWORD, "media", nullptr, media.c_str());
  const Message answer = ask(http, request);
  if (!answered(http, answer)) return tl::unexpected(spooler_down());
  if (!good(answer)) {
    return tl::unexpected(Error{
        ErrorKind::rejected, std::string("CUPS refuses the job: ") + ippErrorString(ippGetStatusCode(answer.get()))});
  }
  const int id = integer(answer, "job-id");
  if (id == 0) return tl::unexpected(Error{ErrorKind::unknown, "CUPS gave no job id"});
  return id;
}

// True: taken. False: refused for certain. Error: nobody knows, the job's own state will tell.
Result<bool> send_document(const Connection& http, const std::string& queue, int job_id, const char* format,
                           const render::Bytes& bytes) {
  Message request(new_request(IPP_OP_SEND_DOCUMENT, queue, job_id));
  ippAddString(request.get(), IPP_TAG_OPERATION, IPP_TAG_MIMETYPE, "document-format", nullptr, format);
  ippAddBoolean(request.get(), IPP_TAG_OPERATION, "last-document", 1);
  const std::string resource = "/printers/" + queue;
  http_status_t status =
      cupsSendRequest(http.get(), request.get(), resource.c_str(), ippLength(request.get()) + bytes.size());
  if (status == HTTP_STATUS_CONTINUE && !bytes.empty()) {
    status = cupsWriteRequestData(http.get(), reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  if (status != HTTP_STATUS_CONTINUE && status != HTTP_STATUS_OK) {
    if (status < HTTP_STATUS_BAD_REQUEST) return tl::unexpected(spooler_down());
    httpFlush(http.get());
    return false;
  }
  const Message answer(cupsGetResponse(http.get(), resource.c_str()));
  if (!answered(http, answer)) return tl::unexpected(spooler_down());
  return good(answer);
}

}  // namespace

Result<CupsQueue> ask_queue(const std::string& queue) {
  const Connection http = connect();
  if (!http) return tl::unexpected(spooler_down());
  ipp_t* request = new_request(IPP_OP_GET_PRINTER_ATTRIBUTES, queue);
  ask_for(request, {"printer-state", "printer-is-accepting-jobs", "printer-is-shared", "device-uri",
                    "printer-error-policy", "printer-make-and-model", "job-cancel-after-default",
                    "job-hold-until-default", "job-quota-period", "job-k-limit", "job-page-limit"});
  const Message answer = ask(http, request);
  if (!answered(http, answer)) return tl::unexpected(spooler_down());
  CupsQueue out;
  out.there = good(answer);
  if (!out.there) return out;
  const auto yes = [&](const char* name) {
    return ippGetBoolean(ippFindAttribute(answer.get(), name, IPP_TAG_BOOLEAN), 0) != 0;
  };
  out.enabled = ippGetInteger(ippFindAttribute(answer.get(), "printer-state", IPP_TAG_ENUM), 0) != IPP_PSTATE_STOPPED;
  out.accepting = yes("printer-is-accepting-jobs");
  out.shared = yes("printer-is-shared");
  out.device = text(answer, "device-uri");
  out.error_policy = text(answer, "printer-error-policy");
  out.model = text(answer, "printer-make-and-model");
  out.cancel_after_s = integer(answer, "job-cancel-after-default");
  out.hold_until = text(answer, "job-hold-until-default");
  out.limited = integer(answer, "job-quota-period") != 0 &&
                (integer(answer, "job-k-limit") != 0 || integer(answer, "job-page-limit") != 0);
  return out;
}

Result<std::string> CupsPrinter::submit(const Document& document) {
  const Connection http = connect();
  if (!http) return tl::unexpected(spooler_down());
  const Message printer = printer_attributes(http, m_queue);
  if (!answered(http, printer)) return tl::unexpected(spooler_down());
  const PrinterView view = view_of(printer, m_queue);
  if (view.condition == Condition::paused) return tl::unexpected(Error{ErrorKind::paused, view.detail});
  if (!good(printer)) return tl::unexpected(Error{ErrorKind::rejected, view.detail});

  const auto media = media_of(printer, document.page, m_target);
  if (!media) return tl::unexpected(media.error());
  const render::Encoded encoded = render::encode(document.page, m_target);
  auto id = create_job(http, m_queue, clean_title(document.title, document.attempt), *media);
  if (!id) return tl::unexpected(id.error());
  const Message job = job_attributes(http, m_queue, *id);
  if (!answered(http, job) || !good(job)) return tl::unexpected(spooler_down());
  const Handle handle{*id, text(job, "job-uuid")};
  const auto taken = send_document(http, m_queue, *id, encoded.type, encoded.bytes);
  if (taken && !*taken) {
    cancel_job(http, m_queue, *id);
    return tl::unexpected(Error{ErrorKind::rejected, "CUPS refuses the document"});
  }
  return handle.str();
}

JobView CupsPrinter::poll(const std::string& text_handle) {
  const Handle handle = Handle::parse(text_handle);
  if (handle.id == 0) return {JobState::unknown, "missing"};
  const JobView down{JobState::sending, error_keyword(ErrorKind::spooler_down)};
  const Connection http = connect(k_look_s);
  if (!http) return down;
  const auto found = look_up(http, m_queue, handle);
  if (!found) return down;
  if (found->id == 0) return {JobState::unknown, "missing"};
  return judge(http, m_queue, found->id, found->job);
}

Result<void> CupsPrinter::cancel(const std::string& text_handle) {
  const Handle handle = Handle::parse(text_handle);
  const Connection http = connect();
  if (!http) return tl::unexpected(spooler_down());
  const auto found = look_up(http, m_queue, handle);
  if (!found) return tl::unexpected(found.error());
  if (found->id != 0) cancel_job(http, m_queue, found->id);
  return {};
}

Result<void> CupsPrinter::resume() {
  const Connection http = connect();
  if (!http) return tl::unexpected(spooler_down());
  for (const ipp_op_t operation : {IPP_OP_RESUME_PRINTER, IPP_OP_CUPS_ACCEPT_JOBS}) {
    const Message answer(cupsDoRequest(http.get(), new_request(operation, m_queue), "/admin/"));
    // A refusal for lack of rights comes without an answer: the scheduler says it in HTTP's words.
    if (answer == nullptr && !lacks_rights(cupsLastError())) return tl::unexpected(spooler_down());
    if (answer != nullptr && good(answer)) continue;
    return tl::unexpected(Error{
        ErrorKind::rejected,
        "CUPS does not let this user resume the queue; as root: cupsenable " + m_queue + " && cupsaccept " + m_queue});
  }
  return {};
}

Result<std::optional<std::string>> CupsPrinter::find(const std::string& title, int attempt) {
  const Connection http = connect(k_look_s);
  if (!http) return tl::unexpected(spooler_down());
  const auto jobs = all_jobs(http, m_queue);
  if (!jobs) return tl::unexpected(jobs.error());
  const std::string wanted = clean_title(title, attempt);
  std::optional<Handle> newest;
  for (const auto& [name, one] : *jobs) {
    if (name == wanted && (!newest || one.id > newest->id)) newest = one;
  }
  if (!newest) return std::optional<std::string>();
  return std::optional(newest->str());
}

PrinterView CupsPrinter::view() {
  const Connection http = connect(k_look_s);
  if (!http) return {Condition::spooler_down, ""};
  const Message printer = printer_attributes(http, m_queue);
  if (!answered(http, printer)) return {Condition::spooler_down, ""};
  PrinterView cups = view_of(printer, m_queue);
  m_device = text(printer, "device-uri");
  if (m_device.empty()) return cups;
  m_seen = status::read(m_watch, m_device);
  const int state = ippGetInteger(ippFindAttribute(printer.get(), "printer-state", IPP_TAG_ENUM), 0);
  return with_watcher(std::move(cups), m_seen, state == IPP_PSTATE_PROCESSING);
}

bool CupsPrinter::changed() {
  if (m_device.empty()) return false;
  const status::Seen before = std::exchange(m_seen, status::read(m_watch, m_device));
  return m_seen != before;  // once a change, even while CUPS is away and cannot be looked at
}

}  // namespace anjungan::spool
