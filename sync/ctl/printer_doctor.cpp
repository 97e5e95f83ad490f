// SPDX-License-Identifier: Apache-2.0
#include "sync/ctl/printer_doctor.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "printer/spool/cups_printer.h"
#include "printer/spool/cups_settings.h"
#include "printer/status/status_file.h"
#include "sync/settings/paths.h"
#include "sync/slip/terminal_printer.h"
#include "sync/store/files.h"

extern char** environ;

namespace anjungan::ctl {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_most_conf_bytes = 1UL << 20;
// As CMake installs it: beside share/anjungan, under the same prefix.
const std::string k_struk = fs::path(ANJUNGAN_INSTALL_ASSETS).parent_path().parent_path() / "lib/cups/backend/struk";
constexpr int k_probe_ms = 6'000;
constexpr const char* k_spool = "/run/cups/spool";  // as apply_settings writes it
constexpr const char* k_rule_file = "60-anjungan-printer.rules";
constexpr const char* k_apply =
    "run " ANJUNGAN_INSTALL_ASSETS "/cups/apply_settings, which writes them all, and: systemctl restart cups";

// What `program --option argument` prints, at most one line; nothing when it cannot be run or takes too long.
std::optional<std::string> output_of(const std::string& program, const std::string& option,
                                     const std::string& argument) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return std::nullopt;
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  std::string name = program;
  std::string first = option;
  std::string second = argument;
  std::array<char*, 4> arguments{name.data(), first.data(), second.data(), nullptr};
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  std::string out(256, '\0');
  ssize_t got = -1;
  pollfd one{pipe[0], POLLIN, 0};
  if (failed == 0 && ::poll(&one, 1, k_probe_ms) > 0) got = ::read(pipe[0], out.data(), out.size());
  ::close(pipe[0]);
  if (failed != 0) return std::nullopt;
  if (got <= 0) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (got <= 0) return std::nullopt;
  out.resize(static_cast<std::size_t>(got));
  return out.substr(0, out.find('\n'));
}

std::string octal(mode_t mode) { return fmt::format("{:04o}", static_cast<unsigned>(mode & 07777U)); }

class Examination : private Findings {
 public:
  Examination(const settings::Terminal& terminal, const CupsPlaces& places) : m_terminal(terminal), m_places(places) {}

  std::vector<Finding> run() {
    printer("printer", m_terminal.printer_kind, m_terminal.printer_queue, m_terminal.printer_profile,
            slip::printer_target(m_terminal));
    if (m_terminal.fallback_kind != settings::PrinterKind::none) {
      printer("fallback", m_terminal.fallback_kind, m_terminal.fallback_queue, m_terminal.fallback_profile,
              slip::fallback_target(m_terminal));
    }
    return std::move(m_findings);
  }

 private:
  void printer(const std::string& subject, settings::PrinterKind kind, const std::string& name,
               const std::string& model, const record::Result<render::Target>& target) {
    if (!target) {
      return broken(subject, target.error().text, fmt::format("correct [{}] in the configuration", subject));
    }
    if (kind == settings::PrinterKind::virtual_printer) {
      return look(subject, "virtual: receipts are pictures in a folder, nothing is printed",
                  fmt::format("set [{}] kind = \"cups\" and queue on a real terminal", subject));
    }
    if (name.empty()) {
      return broken(subject, "no queue is configured",
                    fmt::format("set [{}] queue to a name that lpstat -e lists", subject));
    }
    if (!std::exchange(m_settings_seen, true)) scheduler_settings();
    const auto queue = spool::ask_queue(name);
    if (!queue) return broken(subject, "CUPS does not answer", "systemctl enable --now cups; see journalctl -u cups");
    if (!queue->there) {
      return broken(subject, fmt::format("CUPS has no queue {}", name),
                    fmt::format("lpadmin -p {} -E -v struk:DEVICE -m raw -o printer-error-policy=retry-current-job; "
                                "lpinfo -v lists devices",
                                name));
    }
    const std::size_t before = m_findings.size();
    queue_state(subject, name, *queue);
    if (target->medium.height > 0) {
      page_queue(subject, name, *queue);
    } else if (target->format == render::Format::pwg) {
      driverless_queue(subject, name, *queue);
    } else {
      roll_queue(subject, name, model, *queue);
    }
    const bool sound = std::all_of(m_findings.begin() + static_cast<std::ptrdiff_t>(before), m_findings.end(),
                                   [](const Finding& one) { return one.health == Health::good; });
    if (sound) good(subject, fmt::format("queue {} goes to {}", name, queue->device));
    if (queue->device.starts_with("struk:")) watcher(subject, queue->device);
  }

  // A fault of an idle printer is known before somebody's receipt waits for it.
  void watcher(const std::string& subject, const std::string& uri) {
    const std::string& folder = m_terminal.printer_watch;
    switch (status::read(folder, uri).sight) {
      case status::Sight::seen:
        return good("watcher", fmt::format("the idle {} is watched ({})", subject, folder));
      case status::Sight::stale:
        return look("watcher",
                    fmt::format("what {} says of the {} is old: struk --watch hangs or was killed", folder, subject),
                    "systemctl restart anjungan-struk; see journalctl -u anjungan-struk");
      case status::Sight::unwatched:
        return look("watcher",
                    fmt::format("nobody watches the idle {}: paper that is out is found by the next citizen", subject),
                    fmt::format("systemctl enable --now anjungan-struk; it writes into {} ([printer] watch)", folder));
    }
  }

  void queue_state(const std::string& subject, const std::string& name, const spool::CupsQueue& queue) {
    if (!queue.enabled) broken(subject, fmt::format("queue {} is stopped", name), "cupsenable " + name);
    if (!queue.accepting) broken(subject, fmt::format("queue {} takes no jobs", name), "cupsaccept " + name);
    if (queue.error_policy != "retry-current-job") {
      broken(subject,
             fmt::format("queue {} has the error policy {}: a receipt that fails is thrown away, or stops the queue",
                         name, queue.error_policy),
             fmt::format("lpadmin -p {} -o printer-error-policy=retry-current-job", name));
    }
    if (queue.cancel_after_s != 0) {
      // The queue's own, or the scheduler's MaxJobTime as it runs: its file may have been mended since.
      broken(subject,
             fmt::format("queue {} throws a receipt away that has waited {} s for paper", name, queue.cancel_after_s),
             fmt::format("lpadmin -p {} -R job-cancel-after-default; MaxJobTime 0 in {}/cupsd.conf, and: systemctl "
                         "restart cups",
                         name, m_places.etc));
    }
    if (!queue.hold_until.empty() && queue.hold_until != "no-hold") {
      broken(subject, fmt::format("queue {} holds each receipt ({})", name, queue.hold_until),
             fmt::format("lpadmin -p {} -o job-hold-until-default=no-hold", name));
    }
    if (queue.limited) {
      broken(subject, fmt::format("queue {} takes only so much of each user, then no receipt any more", name),
             fmt::format("lpadmin -p {} -o job-quota-period=0 -o job-k-limit=0 -o job-page-limit=0", name));
    }
    if (queue.shared) {
      look(subject, fmt::format("queue {} is shared: other machines may print on it", name),
           fmt::format("lpadmin -p {} -o printer-is-shared=false", name));
    }
  }

  void page_queue(const std::string& subject, const std::string& name, const spool::CupsQueue& queue) {
    if (queue.model == "Local Raw Printer") {
      broken(subject, fmt::format("queue {} is raw: a page is sent as PDF, which most printers print as rubbish", name),
             fmt::format("lpadmin -p {} -E -v ipp://PRINTER/ipp/print -m everywhere", name));
    }
    std::error_code ignored;
    if (!fs::exists(m_server_bin + "/filter/pdftopdf", ignored) &&
        !fs::exists(m_server_bin + "/filter/universal", ignored)) {
      broken(subject, "CUPS has no filter for PDF", "apt install cups-filters ghostscript");
    }
  }

  void driverless_queue(const std::string& subject, const std::string& name, const spool::CupsQueue& queue) {
    const bool ipp = queue.device.starts_with("ipp:") || queue.device.starts_with("ipps:");
    if (ipp && queue.model != "Local Raw Printer") return;
    broken(subject, fmt::format("queue {} is no driverless one: PWG raster would print as rubbish", name),
           fmt::format("lpadmin -p {} -E -v ipp://PRINTER/ipp/print -m everywhere, or set [{}] mode = \"raster\"", name,
                       subject));
  }

  void roll_queue(const std::string& subject, const std::string& name, const std::string& model,
                  const spool::CupsQueue& queue) {
    if (!queue.device.starts_with("struk:")) {
      broken(subject,
             fmt::format("queue {} goes through {}, which calls a receipt printed when its bytes are on their way",
                         name, queue.device.substr(0, queue.device.find(':'))),
             fmt::format("lpadmin -p {} -v struk:tcp://HOST:9100 (or struk:/dev/anjungan-printer-SERIAL)", name));
      return;
    }
    if (queue.model != "Local Raw Printer") {
      look(subject, fmt::format("queue {} has a driver ({}); receipts pass it by", name, queue.model),
           fmt::format("lpadmin -p {} -m raw", name));
    }
    profile(subject, name, model, queue.device);
    const bool can_run = backend(subject);
    const bool has_device = device(subject, queue.device);
    if (can_run && has_device) probe(subject, queue.device);
  }

  // `model` is what receipts are laid out for.
  void profile(const std::string& subject, const std::string& queue, const std::string& model, const std::string& uri) {
    const std::size_t at = uri.find("profile=");
    const std::string name = at == std::string::npos ? "generic-80" : uri.substr(at + 8, uri.find('&', at) - at - 8);
    std::error_code ignored;
    const std::string own = m_places.etc + "/struk/" + name + ".profile";
    const std::string installed = settings::asset_folder() + "/printers/" + name + ".profile";
    if (fs::exists(own, ignored) || fs::exists(installed, ignored)) {
      if (model.empty() || model == name) return;
      return look(subject,
                  fmt::format("receipts are laid out for {}, and queue {} sends them as to {}", model, queue, name),
                  fmt::format("lpadmin -p {} -v '{}?profile={}', or set [{}] profile = \"{}\"", queue,
                              uri.substr(0, uri.find('?')), model, subject, name));
    }
    broken(subject, fmt::format("there is no printer profile {}", name),
           fmt::format("choose one of {}, or write {}", settings::asset_folder() + "/printers", own));
  }

  bool backend(const std::string& subject) {
    const std::string path = m_server_bin + "/backend/struk";
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0) {
      broken(subject, path + " is not there: CUPS cannot reach the printer",
             "install -m 755 -o root -g root " + k_struk + " " + path);
      return false;
    }
    const bool executable = (found.st_mode & S_IXUSR) != 0 && S_ISREG(found.st_mode);
    const bool open_to_others = (found.st_mode & (S_IWGRP | S_IWOTH)) != 0;
    const bool strange_owner = found.st_uid != 0 && found.st_uid != ::geteuid();
    if (executable && !open_to_others && !strange_owner) return true;
    broken(subject,
           fmt::format("{} has mode {} and owner {}: CUPS refuses to run it", path, octal(found.st_mode), found.st_uid),
           fmt::format("chown root:root {0} && chmod 755 {0}", path));
    return false;
  }

  // Of a device file; a network address is the probe's.
  bool device(const std::string& subject, const std::string& uri) {
    std::string path = uri.substr(6);
    if (path.starts_with("tty:")) path.erase(0, 4);
    if (!path.starts_with("/")) return true;
    path = path.substr(0, path.find('?'));
    const bool usb = path.starts_with("/dev/usb/lp");
    if (usb) {
      look(subject, path + " is another printer after a replug",
           rule_is_there()
               ? "use its lasting name: ls /dev/anjungan-printer-*; lpadmin -p QUEUE -v "
                 "struk:/dev/anjungan-printer-SERIAL"
               : fmt::format(
                     "install printer/queue/{} in /etc/udev/rules.d, udevadm control --reload && udevadm trigger, and "
                     "use /dev/anjungan-printer-SERIAL",
                     k_rule_file));
    }
    struct stat found{};
    if (::stat(path.c_str(), &found) != 0) {
      const bool by_rule = path.starts_with("/dev/anjungan-printer-") && !rule_is_there();
      broken(
          subject, path + " is not there: the printer is off or unplugged",
          by_rule
              ? fmt::format(
                    "install printer/queue/{} in /etc/udev/rules.d; then: udevadm control --reload && udevadm trigger",
                    k_rule_file)
              : "switch it on and check its cable; lsusb should list it, and the kernel module usblp be loaded");
      return false;
    }
    const group* lp = ::getgrnam(m_group.c_str());
    const bool by_group = lp != nullptr && found.st_gid == lp->gr_gid && (found.st_mode & 0060U) == 0060U;
    const bool by_all = (found.st_mode & 0006U) == 0006U;
    if (by_group || by_all) return true;
    broken(subject,
           fmt::format("{} has mode {}: group {}, which CUPS's backends run as, may not use it", path,
                       octal(found.st_mode), m_group),
           fmt::format("install printer/queue/{} in /etc/udev/rules.d; for now: chgrp {} {} && chmod 660 {}",
                       k_rule_file, m_group, path, path));
    return false;
  }

  [[nodiscard]] bool rule_is_there() const {
    return std::any_of(m_places.udev_rules.begin(), m_places.udev_rules.end(), [](const std::string& folder) {
      std::error_code ignored;
      return fs::exists(folder + "/" + k_rule_file, ignored);
    });
  }

  void probe(const std::string& subject, const std::string& uri) {
    const auto state = output_of(m_server_bin + "/backend/struk", "--probe", uri);
    if (!state)
      return look(subject, "struk --probe does not answer",
                  "run it by hand: " + m_server_bin + "/backend/struk --probe '" + uri + "'");
    if (*state == "ready" || *state == "busy") return;
    if (*state == "unknown") {
      return look(subject, "the printer says nothing of its state: a receipt is sent, never confirmed",
                  "check the profile in the queue's device (status = no is honest for such a model); a cable that "
                  "carries answers, or another model, would confirm");
    }
    if (*state == "low-paper")
      return look(subject, "the roll is nearly used up", "put in a new one; then: anjunganctl printer paper-changed");
    broken(subject, "the printer says: " + *state,
           *state == "offline" ? "switch it on, check cable and address" : "put in paper, close the cover");
  }

  std::optional<spool::CupsSettings> read(const std::string& name) {
    const std::string path = m_places.etc + "/" + name;
    const auto bytes = store::read_file(path, k_most_conf_bytes);
    if (bytes) return spool::CupsSettings::parse(record::to_text(*bytes));
    look("cups", bytes.error().text, "run the doctor as root: what CUPS is set to cannot be seen otherwise");
    return std::nullopt;
  }

  void scheduler_settings() {
    const auto cupsd = read("cupsd.conf");
    const auto files = read("cups-files.conf");
    if (files) {
      m_server_bin = files->text("ServerBin").value_or(m_server_bin);
      m_user = files->text("User").value_or(m_user);
      m_group = files->text("Group").value_or(m_group);
    }
    if (!cupsd || !files) return;
    const auto losing = spool::losing_settings(*cupsd, *files);
    for (const spool::LosingSetting& one : losing) {
      broken("cups", fmt::format("{}: {}", one.line.substr(0, one.line.find(' ')), one.loss),
             fmt::format("write \"{}\" in {}/{}; or {}", one.line, m_places.etc, one.file, k_apply));
    }
    if (losing.empty()) good("cups", fmt::format("{} settings are as receipts need them", spool::settings_checked()));
    spool_folder(*files);
    starts_by_itself();
  }

  void spool_folder(const spool::CupsSettings& files) {
    constexpr long k_tmpfs = 0x01021994;
    const std::string folder = files.text("RequestRoot").value_or("/var/spool/cups");
    struct statfs system{};
    if (::statfs(folder.c_str(), &system) != 0) {
      broken("cups", fmt::format("{}: {}; CUPS takes no receipt", folder, std::strerror(errno)),
             "make it as image/units/tmpfiles.conf says (systemd-tmpfiles --create), then: systemctl restart cups");
    } else if (system.f_type != k_tmpfs) {
      look("cups", folder + " is on a disk: a receipt that waits there outlives a power cut with its names",
           fmt::format("RequestRoot {} in {}/cups-files.conf", k_spool, m_places.etc));
    }
    if (const auto shut = shut_folder(folder)) {
      broken("cups",
             fmt::format("{} is shut to {}, whom CUPS's backends run as: none can read a receipt in {}", *shut, m_user,
                         folder),
             fmt::format("RequestRoot {} in {}/cups-files.conf, made as image/units/tmpfiles.conf says", k_spool,
                         m_places.etc));
    }
    const std::string cache = files.text("CacheDir").value_or("/var/cache/cups");
    struct stat found{};
    const bool writable = ::stat(cache.c_str(), &found) == 0 && (found.st_mode & S_IWGRP) != 0;
    const bool own = ::geteuid() != 0 && ::access(cache.c_str(), W_OK) == 0;
    if (writable || own) return;
    broken("cups", cache + " cannot be written by CUPS's group: struk cannot keep its journal and prints nothing",
           fmt::format("chgrp {} {} && chmod 770 {}", m_group, cache, cache));
  }

  // The one on the way to `folder` that the backends' user may not pass.
  [[nodiscard]] std::optional<std::string> shut_folder(const std::string& folder) const {
    const passwd* user = ::getpwnam(m_user.c_str());
    const group* its_group = ::getgrnam(m_group.c_str());
    fs::path way;
    for (const fs::path& part : fs::path(folder)) {
      way /= part;
      struct stat found{};
      if (user == nullptr || its_group == nullptr || ::stat(way.c_str(), &found) != 0) return std::nullopt;
      const mode_t needed = found.st_uid == user->pw_uid        ? S_IXUSR
                            : found.st_gid == its_group->gr_gid ? S_IXGRP
                                                                : S_IXOTH;
      if ((found.st_mode & needed) == 0) return way.string();
    }
    return std::nullopt;
  }

  void starts_by_itself() {
    std::error_code ignored;
    if (m_places.etc != CupsPlaces().etc || !fs::exists("/run/systemd/system", ignored)) return;
    for (const char* wanted : {"/etc/systemd/system/multi-user.target.wants/cups.service",
                               "/etc/systemd/system/printer.target.wants/cups.service",
                               "/etc/systemd/system/sockets.target.wants/cups.socket"}) {
      if (fs::is_symlink(wanted, ignored)) return;
    }
    broken("cups", "CUPS is not started at boot", "systemctl enable --now cups");
  }

  const settings::Terminal& m_terminal;
  const CupsPlaces& m_places;
  std::string m_server_bin = "/usr/lib/cups";
  std::string m_user = "lp";
  std::string m_group = "lp";
  bool m_settings_seen = false;
};

}  // namespace

std::vector<Finding> examine_printers(const settings::Terminal& terminal, const CupsPlaces& places) {
  return Examination(terminal, places).run();
}

ExitCode run_printer_doctor(const settings::Terminal& terminal, const CupsPlaces& places, bool json) {
  return show_findings(examine_printers(terminal, places), json);
}

}  // namespace anjungan::ctl
