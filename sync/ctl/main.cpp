// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <csignal>
#include <functional>
#include <iostream>
#include <string>

#include "sync/ctl/carry_command.h"
#include "sync/ctl/central_carry.h"
#include "sync/ctl/central_commands.h"
#include "sync/ctl/doctor.h"
#include "sync/ctl/enrol_command.h"
#include "sync/ctl/printer_command.h"
#include "sync/ctl/printer_doctor.h"
#include "sync/ctl/printer_orders.h"
#include "sync/ctl/rotate_command.h"
#include "sync/ctl/seed_command.h"
#include "sync/ctl/staff_pin_command.h"
#include "sync/ctl/terminal_commands.h"
#include "sync/ctl/verify_command.h"
#include "sync/record/command.h"
#include "sync/settings/settings.h"

// The command line is described here and nowhere else; each command is a plain function in a file of its own.
namespace anjungan::ctl {
namespace {

constexpr const char* k_about =
    "The command line of technicians and administrators of Anjungan.\n\n"
    "On a terminal: enrol, status, receipts, doctor, printer, staff-pin, rotate-keys, export, import, seed (they read "
    "the "
    "terminal's configuration).\n"
    "At the centre: central VERB (they talk to the control socket of a running anjungan-central).\n"
    "Anywhere: verify, printer sample.";

constexpr const char* k_exit_codes =
    "Exit codes:\n"
    "  0  done\n"
    "  1  it was tried and failed: disk, database\n"
    "  2  the command line, the configuration or a value is wrong\n"
    "  3  no such complaint, terminal, enrolment code or file\n"
    "  4  refused: by the centre, by a signature, or because it does not fit the state\n"
    "  5  nobody answered\n"
    "  6  doctor or audit-verify found something broken\n"
    "Errors go to standard error with the field and the remedy; --json goes to standard output.";

struct Line {
  std::string config;
  bool json = false;
  std::string code;
  int patience_s = 3600;
  SeedWish seed;
  std::string key;
  PrinterSampleWish sample;
  PrinterWish order;
  CupsPlaces cups;
  RotateWish rotate;
  std::string which = "both";
  VerifyWish verify;
  CentralTarget central;
  EnrolCodeWish code_wish;
  std::string device;
  OrderWish wish;
  std::string id;
  std::uint64_t from_seq = 0;
  std::string status;
  std::size_t limit = 100;
  std::string expect;
  std::string to;
  std::string from;
  std::string number;
  bool open = false;
  bool force = false;
  std::string agency;
  std::string text;
  std::string evidence;
  // What the chosen command does; set by parsing.
  std::function<ExitCode()> chosen;
};

// Runs `command` with the configuration that --config names.
std::function<ExitCode()> on_terminal(Line& line, std::function<ExitCode(const settings::Terminal&)> command) {
  return [&line, command = std::move(command)] {
    const auto terminal = settings::load_terminal(line.config);
    return terminal ? command(*terminal) : complain(terminal.error());
  };
}

CLI::App* command(CLI::App& parent, Line& line, const char* name, const char* about, std::function<ExitCode()> does) {
  CLI::App* app = parent.add_subcommand(name, about);
  app->callback([&line, does = std::move(does)] { line.chosen = does; });
  return app;
}

void add_config(CLI::App* app, Line& line) {
  app->add_option("--config", line.config, "The terminal's configuration (TOML)")->required()->type_name("FILE");
}

void add_json(CLI::App* app, bool& json) { app->add_flag("--json", json, "Print JSON for programs"); }

void add_which(CLI::App* app, Line& line) {
  app->add_option("--which", line.which, "Which keys: both, receipt (signs receipts) or device (signs batches)")
      ->check(CLI::IsMember({"both", "receipt", "device"}))
      ->capture_default_str();
}

void add_terminal_commands(CLI::App& app, Line& line) {
  CLI::App* enrol = command(app, line, "enrol", "Make this machine a terminal of the centre",
                            on_terminal(line, [&line](const auto& terminal) {
                              return enrol_terminal(terminal, line.code, line.patience_s);
                            }));
  add_config(enrol, line);
  enrol->add_option("--code", line.code, "The one-time code of `anjunganctl central enrol-code`")
      ->required()
      ->type_name("CODE");
  enrol->add_option("--patience", line.patience_s, "How long to wait for the administrator, in seconds")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
  enrol->footer(
      "Makes the terminal's two keys, shows their fingerprint and waits until the administrator has compared and\n"
      "confirmed it. May be interrupted and run again with the same code.");

  CLI::App* status =
      command(app, line, "status", "Enrolment, what waits for the centre, last contact",
              on_terminal(line, [&line](const auto& terminal) { return show_status(terminal, line.json); }));
  add_config(status, line);
  add_json(status, line.json);

  CLI::App* receipts =
      command(app, line, "receipts", "Every receipt this terminal issued and where it stands",
              on_terminal(line, [&line](const auto& terminal) { return show_receipts(terminal, line.json); }));
  add_config(receipts, line);
  add_json(receipts, line.json);

  CLI::App* doctor =
      command(app, line, "doctor", "Find what is wrong with this terminal and say what to do",
              on_terminal(line, [&line](const auto& terminal) { return run_doctor(terminal, line.json); }));
  add_config(doctor, line);
  add_json(doctor, line.json);

  CLI::App* pin = command(app, line, "staff-pin", "Set the PIN that opens the staff panel on the screen",
                          on_terminal(line, [](const auto& terminal) { return set_pin(terminal); }));
  add_config(pin, line);
  pin->footer("Reads it from standard input; six digits or more. The kiosk asks for the new one at once.");

  CLI::App* rotate = command(app, line, "rotate-keys", "Change this terminal's keys; it stays the terminal it is",
                             on_terminal(line, [&line](const auto& terminal) {
                               line.rotate.json = line.json;
                               line.rotate.which = store::keys_to_go_named(line.which).value_or(store::KeysToGo::both);
                               return rotate_keys(terminal, line.rotate);
                             }));
  add_config(rotate, line);
  add_json(rotate, line.json);
  add_which(rotate, line);
  rotate->add_option("--patience", line.rotate.patience_s, "How long to wait for the kiosk's new key, in seconds")
      ->check(CLI::Range(0, 86'400))
      ->capture_default_str();
  rotate->footer(
      "Run it as root, after somebody may have copied this disk. Needs the network; a stick carries no such change.\n"
      "Nothing that waits is lost and receipts printed before stay genuine. May be repeated: one change at a time.");

  CLI::App* carry_out =
      command(app, line, "export", "Write what waits for the centre to a stick, for a hall without a network",
              on_terminal(line, [&line](const auto& terminal) { return export_events(terminal, line.to, line.json); }));
  add_config(carry_out, line);
  add_json(carry_out, line.json);
  carry_out->add_option("--to", line.to, "A folder on the mounted stick")->required()->type_name("FOLDER");
  carry_out->footer(
      "Run it as root. Changes nothing here, and may run beside everything. The files hold the same signed bytes as "
      "the\n"
      "network; what is personal in them is sealed to the centre. Unmount the stick before it is pulled out.");

  CLI::App* carry_in = command(
      app, line, "import", "Take in the centre's answers from a stick",
      on_terminal(line, [&line](const auto& terminal) { return import_answers(terminal, line.from, line.json); }));
  add_config(carry_in, line);
  add_json(carry_in, line.json);
  carry_in->add_option("--from", line.from, "A folder on the mounted stick")->required()->type_name("FOLDER");
  carry_in->footer(
      "Run it as root. Through the running agent, or in its place while none runs. Each file counts by its signatures\n"
      "alone: files that come twice, late or in any order do no harm, and a refused one changes nothing.");

  CLI::App* seed = command(app, line, "seed", "File invented complaints, for demonstrations and tests",
                           on_terminal(line, [&line](const auto& terminal) {
                             line.seed.json = line.json;
                             return seed_complaints(terminal, line.seed);
                           }));
  add_config(seed, line);
  add_json(seed, line.json);
  seed->add_option("--complaints", line.seed.complaints, "How many")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  seed->add_option("--photos", line.seed.photos, "Invented photos with each")
      ->check(CLI::Range(0, 8))
      ->capture_default_str();
  seed->add_flag("--print", line.seed.print, "Print each receipt on the configured printer and wait for it");
  seed->add_option("--seed", line.seed.seed, "The same number makes the same complaints")->capture_default_str();
  seed->footer(
      "Goes through the same store as the kiosk, which must not run meanwhile. Without --print nothing is printed.\n"
      "With --json: tracking_number, access_code and receipt_url of each.");
}

CLI::App* add_order(CLI::App& printer, Line& line, const char* name, const char* about) {
  CLI::App* order = command(printer, line, name, about, on_terminal(line, [&line, name](const auto& terminal) {
                              line.order.order = name;
                              return order_printer(terminal, line.order);
                            }));
  add_config(order, line);
  add_json(order, line.order.json);
  return order;
}

void add_printer_orders(CLI::App& printer, Line& line) {
  add_order(printer, line, "status", "Each printer: its state, since when, and what waits there");
  add_order(printer, line, "jobs", "Every receipt that is not printed yet");
  for (const auto& [name, about] :
       {std::pair{"retry", "Print a receipt now, however old; marked if some of it may be on paper"},
        {"move", "Print a receipt on the other printer"},
        {"abandon", "Give a receipt up: nobody will take it"}}) {
    CLI::App* order = add_order(printer, line, name, about);
    order->add_option("job", line.order.job, "Its JOB in `anjunganctl printer jobs`")->required()->type_name("JOB");
    if (order->get_name() != "move") continue;
    order->add_option("--to", line.order.to, "The printer's name in `anjunganctl printer status`")
        ->capture_default_str()
        ->type_name("PRINTER");
  }
  add_order(printer, line, "reprint", "Print a marked copy with a new access code; the earlier receipt is void then")
      ->add_option("number", line.order.number, "Tracking number, with or without dashes")
      ->required()
      ->type_name("NUMBER");
  for (const auto& [name, about] : {std::pair{"pause", "Print nothing there until it is resumed"},
                                    {"resume", "Go on printing; also a queue that CUPS has stopped"},
                                    {"test-page", "Print a page that is no receipt, and wait for it"},
                                    {"paper-changed", "Say that a full roll is in it: the meter begins anew"}}) {
    add_order(printer, line, name, about)
        ->add_option("printer", line.order.printer, "Its name in `anjunganctl printer status`")
        ->capture_default_str()
        ->type_name("PRINTER");
  }
}

void add_printer(CLI::App& app, Line& line) {
  CLI::App* printer = app.add_subcommand("printer", "This terminal's printers and the receipts that wait");
  printer->require_subcommand(1);
  add_printer_orders(*printer, line);
  CLI::App* doctor = command(
      *printer, line, "doctor", "Find what could lose a receipt between the kiosk and the paper",
      on_terminal(line, [&line](const auto& terminal) { return run_printer_doctor(terminal, line.cups, line.json); }));
  add_config(doctor, line);
  add_json(doctor, line.json);
  doctor->add_option("--cups", line.cups.etc, "The folder with cupsd.conf")->capture_default_str()->type_name("DIR");
  doctor->footer("Run it as root: CUPS's files may be read by nobody else. Ends with 6 when something is broken.");
  CLI::App* sample = command(*printer, line, "sample", "Print invented receipts through a CUPS queue",
                             [&line] { return print_samples(line.sample); });
  sample->add_option("--queue", line.sample.queue, "Name of the CUPS queue")->required()->type_name("QUEUE");
  sample->add_option("--count", line.sample.count, "How many")->check(CLI::Range(1, 100'000))->capture_default_str();
  sample->add_option("--medium", line.sample.medium, "What is printed on; the profile's, else 80mm")
      ->check(CLI::IsMember({"80mm", "58mm", "a4"}));
  sample
      ->add_option("--mode", line.sample.mode, "As pictures, as text with a small QR picture, or all the printer's own")
      ->check(CLI::IsMember({"raster", "text", "native", "pwg"}))
      ->capture_default_str();
  sample->add_option("--profile", line.sample.profile, "The printer's model")->type_name("NAME");
  sample->add_option("--seed", line.sample.seed, "The same number makes the same receipts but for their numbers' codes")
      ->capture_default_str();
  sample->add_option("--patience", line.sample.patience_s, "Seconds without a receipt coming to its end")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  sample->footer(
      "Needs no enrolment: store and spool are real and live in a temporary folder. Ends with 0 when every paper was\n"
      "confirmed. A receipt whose outcome is open is printed again under CETAK ULANG.");
}

void add_verify(CLI::App& app, Line& line) {
  CLI::App* verify = command(app, line, "verify", "Tell whether a receipt is genuine, without a network", [&line] {
    line.verify.json = line.json;
    if (!line.config.empty()) {
      const auto terminal = settings::load_terminal(line.config);
      if (!terminal) return complain(terminal.error());
      line.verify.data_folder = terminal->data;
    }
    return verify_receipt(line.verify);
  });
  line.verify.text = "-";
  verify
      ->add_option("receipt", line.verify.text, "The URL in its QR code, or the token behind #; - reads standard input")
      ->type_name("URL")
      ->capture_default_str();
  verify->add_option("--config", line.config, "Take the receipt key of this terminal")->type_name("FILE");
  verify->add_option("--key", line.verify.keys, "A terminal's receipt key, 64 hexadecimal digits; may be repeated")
      ->type_name("HEX");
  add_json(verify, line.json);
  verify->footer(
      "The token lets its holder read the case: prefer standard input, the command line can be seen by others.\n"
      "Ends with 0 for a genuine receipt and 4 otherwise.");
}

void add_case_command(CLI::App& central, Line& line, const char* name, const char* about,
                      std::function<ExitCode()> does, const std::function<void(CLI::App*)>& options) {
  CLI::App* app = command(central, line, name, about, std::move(does));
  app->add_option("number", line.number, "Tracking number, with or without dashes")->required()->type_name("NUMBER");
  options(app);
  add_json(app, line.central.json);
}

void add_case_commands(CLI::App& central, Line& line) {
  const auto text = [&line](CLI::App* app) {
    app->add_option("--text", line.text, "What was done, for the public; nothing personal")
        ->required()
        ->type_name("TEXT");
  };
  add_case_command(
      central, line, "show", "One complaint and its steps",
      [&line] { return central_show(line.central, line.number, line.open); },
      [&line](CLI::App* app) {
        app->add_flag("--open", line.open, "Also what the citizen wrote and who it is; goes into the audit");
      });
  add_case_command(
      central, line, "verify", "Complete and within the city's authority",
      [&line] { return central_verify(line.central, line.number); }, [](CLI::App*) {});
  add_case_command(
      central, line, "dispose", "Hand a complaint to an agency",
      [&line] { return central_dispose(line.central, line.number, line.agency, line.text); },
      [&line](CLI::App* app) {
        app->add_option("--agency", line.agency, "Id in the city's agencies.toml")->required()->type_name("ID");
        app->add_option("--note", line.text, "For the public; nothing personal")->type_name("TEXT");
      });
  add_case_command(
      central, line, "follow-up", "Add what an agency did",
      [&line] { return central_follow_up(line.central, line.number, line.text, line.evidence); },
      [&](CLI::App* app) {
        text(app);
        app->add_option("--evidence", line.evidence, "What proves it")->type_name("TEXT");
      });
  add_case_command(
      central, line, "resolve", "The follow-up that closes: needs evidence",
      [&line] { return central_resolve(line.central, line.number, line.text, line.evidence); },
      [&](CLI::App* app) {
        text(app);
        app->add_option("--evidence", line.evidence, "What proves it: a photo's name, a letter's number")
            ->required()
            ->type_name("TEXT");
      });
}

void add_orders(CLI::App& central, Line& line) {
  CLI::App* order = central.add_subcommand("command", "Order a terminal, or all, to do something");
  order->require_subcommand(1);
  order->add_option("device", line.wish.device, "Its name (3273-0012), or all")->required()->type_name("DEVICE");
  order
      ->add_option("--until", line.wish.until,
                   "Not done after this day (western Indonesian time); default: for a week from now")
      ->type_name("YYYY-MM-DD");
  add_json(order, line.central.json);
  order->footer(
      "Reaches the terminal with its next exchange, or with the next answers on a stick, and is done once. Prints the\n"
      "command's id; `commands` tells what became of it.");
  CLI::App* restart = command(*order, line, "restart", "End a program, so that its unit starts it anew",
                              [&line] { return central_restart(line.central, line.wish); });
  restart->add_option("program", line.wish.program, "The kiosk waits until nobody is at it and no receipt is printing")
      ->required()
      ->check(CLI::IsMember({"kiosk", "agent", "both"}));
  CLI::App* resend = command(*order, line, "resend", "Send events once more, those that it still holds",
                             [&line] { return central_resend(line.central, line.wish); });
  resend->add_option("first", line.wish.first, "Seq of the first")
      ->check(CLI::Range(std::uint64_t{1}, record::k_last_seq))
      ->capture_default_str()
      ->type_name("SEQ");
  resend->add_option("last", line.wish.last, "Seq of the last; default: the newest")
      ->check(CLI::Range(std::uint64_t{1}, record::k_last_seq))
      ->type_name("SEQ");
  CLI::App* city = command(*order, line, "catalogue", "Replace the city's categories, agencies, districts and holidays",
                           [&line] { return central_order_catalogue(line.central, line.wish); });
  city->add_option("folder", line.wish.path,
                   "A folder like assets/catalogue/bandung; without it, back to the terminal's")
      ->type_name("FOLDER");
  city->footer(
      "Read whole by the same loader here and there before it takes the old one's place; a bad one changes nothing.");
  CLI::App* settings =
      command(*order, line, "settings", "Set what may be set from afar, before the terminal's own file",
              [&line] { return central_order_settings(line.central, line.wish); });
  settings->add_option("file", line.wish.path, "TOML like terminal.toml; without it, back to the terminal's")
      ->type_name("FILE");
  settings->footer(
      "[brand] government, hall, accent, help, phone; [session] idle_s, warning_s; [screen] wheelchair;\n"
      "[fallback] after_s. Each order replaces the last one whole. A technician shuts it out with [remote] accept = "
      "false.");
  for (CLI::App* one : {restart, resend, city, settings}) one->fallthrough();

  CLI::App* orders = command(central, line, "commands", "What was ordered, and what became of it",
                             [&line] { return central_orders(line.central, line.device); });
  orders->add_option("device", line.device, "Its name (3273-0012); default: all")->type_name("DEVICE");
  add_json(orders, line.central.json);
  CLI::App* cancel = command(central, line, "command-cancel", "Take a command back where it is not done yet",
                             [&line] { return central_cancel_order(line.central, line.id); });
  cancel->add_option("id", line.id, "Its id in `commands`")->required()->type_name("ID");
  add_json(cancel, line.central.json);
}

void add_central(CLI::App& app, Line& line) {
  CLI::App* central = app.add_subcommand("central", "The administrator's side, at the centre");
  central->require_subcommand(1);
  central->add_option("--data", line.central.data_folder, "The data folder of the running anjungan-central")
      ->required()
      ->type_name("DIR");
  central->add_flag("--json", line.central.json, "Print the centre's answer as JSON");
  central->footer("Talks to DIR/control.sock; who may open it may do all of this.");

  CLI::App* code = command(*central, line, "enrol-code", "Make a one-time code for a new terminal",
                           [&line] { return central_enrol_code(line.central, line.code_wish); });
  code->add_option("--office", line.code_wish.office, "The service hall, as receipts name it")
      ->required()
      ->type_name("NAME");
  code->add_option("--place", line.code_wish.place, "Where in it")->type_name("TEXT");
  code->add_option("--region", line.code_wish.region, "Region code; the centre's own if left out")
      ->check(CLI::Range(1, 9999))
      ->type_name("CODE");
  add_json(code, line.central.json);
  code->footer("Prints the code alone on standard output. It lives 15 minutes and is good for one terminal.");

  add_json(command(*central, line, "devices", "Every terminal, its state and fingerprint",
                   [&line] { return central_devices(line.central); }),
           line.central.json);

  CLI::App* confirm = command(*central, line, "confirm", "Enrol a terminal that waits, after comparing its fingerprint",
                              [&line] { return central_confirm(line.central, line.device); });
  confirm->add_option("device", line.device, "Its name (3273-0012) or its fingerprint")
      ->required()
      ->type_name("DEVICE");
  add_json(confirm, line.central.json);

  CLI::App* revoke = command(*central, line, "revoke", "End an enrolment: stolen, scrapped or cloned",
                             [&line] { return central_revoke(line.central, line.device, line.from_seq); });
  revoke->add_option("device", line.device, "Its name (3273-0012)")->required()->type_name("DEVICE");
  revoke->add_option("--from-seq", line.from_seq, "First event not to be believed; default: the next one")
      ->type_name("SEQ");
  add_json(revoke, line.central.json);

  CLI::App* unlock =
      command(*central, line, "unlock", "Believe a locked terminal again, once the copy of its disk is gone",
              [&line] { return central_unlock(line.central, line.device); });
  unlock->add_option("device", line.device, "Its name (3273-0012)")->required()->type_name("DEVICE");
  add_json(unlock, line.central.json);
  CLI::App* ask_rotation = command(*central, line, "ask-rotation", "Let a terminal change its keys when it comes next",
                                   [&line] { return central_ask_rotation(line.central, line.device, line.which); });
  ask_rotation->add_option("device", line.device, "Its name (3273-0012)")->required()->type_name("DEVICE");
  add_which(ask_rotation, line);
  add_json(ask_rotation, line.central.json);
  add_json(command(*central, line, "receipt-keys", "Every receipt key that a terminal has or had",
                   [&line] { return central_receipt_keys(line.central); }),
           line.central.json);
  add_json(command(*central, line, "announce-key",
                   "Tell every terminal of a new key for the centre's signatures; again: who has not heard yet",
                   [&line] { return central_announce_key(line.central); }),
           line.central.json);
  CLI::App* switch_key = command(*central, line, "switch-key", "Use the announced key from the centre's next start on",
                                 [&line] { return central_switch_key(line.central, line.force); });
  switch_key->add_flag("--force", line.force,
                       "Although a terminal has not heard of it: that one must be enrolled again");
  add_json(switch_key, line.central.json);

  CLI::App* list = command(*central, line, "list", "Complaints, newest first",
                           [&line] { return central_list(line.central, line.status, line.limit); });
  list->add_option("--status", line.status, "Only those that stand there")
      ->check(CLI::IsMember({"received", "verified", "disposed", "in_progress", "resolved", "closed"}))
      ->type_name("STATUS");
  list->add_option("--limit", line.limit, "At most so many")->check(CLI::Range(1, 10'000))->capture_default_str();
  add_json(list, line.central.json);

  CLI::App* attachments = command(*central, line, "attachments", "Photos and recordings of one complaint", [&line] {
    return central_attachments(line.central, line.number, line.to, line.key);
  });
  attachments->add_option("number", line.number, "The complaint's number")->required()->type_name("NUMBER");
  attachments->add_option("--out", line.to, "Open those that have come into this new folder; noted in the audit")
      ->type_name("DIR");
  attachments->add_option("--key", line.key, "The sealing key; default: DATA/keys/sealing.key. The escrow key does too")
      ->type_name("FILE");
  add_json(attachments, line.central.json);
  add_json(command(*central, line, "stats", "Counts by status and by terminal",
                   [&line] { return central_stats(line.central); }),
           line.central.json);
  CLI::App* alarms =
      command(*central, line, "alarms", "What needs a person: silent terminals, gaps, losses, backups ...", [&line] {
        return line.number.empty() ? central_alarms(line.central) : central_accept_loss(line.central, line.number);
      });
  alarms
      ->add_option("--accept", line.number,
                   "End the loss alarm of this report: it is gone for good. Noted in the audit")
      ->type_name("NUMBER")
      ->check([](const std::string& value) { return value.empty() ? "a complaint's number" : ""; });
  add_json(alarms, line.central.json);
  alarms->footer(
      "Ends with 0 when there is nothing, with 1 when there is something, with 5 when nobody answers: for cron and "
      "for\n"
      "monitoring that runs checks. From when on something is an alarm: `anjungan-central --help`, \"alarm:\".\n"
      "A loss alarm stands until its report is here. When that is certain never to be (its terminal no longer has it,\n"
      "nor has any backup), --accept NUMBER ends it, with 0; the same number shown again begins no other. If the\n"
      "report comes after all it is taken in like any other. With 3 when that number has no open loss alarm.");
  CLI::App* audit = command(*central, line, "audit-verify", "Find rows that were changed or removed behind its back",
                            [&line] { return central_audit_verify(line.central, line.expect); });
  audit->add_option("--expect", line.expect, "The head that an earlier run printed: shows an end that was cut off")
      ->type_name("HEX");
  add_json(audit, line.central.json);
  audit->footer("Write the head down daily, elsewhere. Ends with 6 when something is wrong.");
  add_json(command(*central, line, "rebuild", "Make complaints, steps and receipts anew from the events",
                   [&line] { return central_rebuild(line.central); }),
           line.central.json);
  CLI::App* backup = command(*central, line, "backup", "Copy the running centre (SQLite) into a new folder",
                             [&line] { return central_backup(line.central, line.to); });
  backup->add_option("to", line.to, "The folder, which must not be there yet")->required()->type_name("DIR");
  add_json(backup, line.central.json);
  backup->footer(
      "To restore: stop the centre, put the folder in the place of its data folder, start it. It sees that it is a\n"
      "backup; terminals then send again what it lacks.");
  CLI::App* import = command(
      *central, line, "import", "Take in what terminals without a network sent on a stick, and leave the answers there",
      [&line] { return central_import(line.central, line.from, line.to.empty() ? line.from : line.to); });
  import->add_option("--from", line.from, "A folder with files of anjunganctl export")->required()->type_name("FOLDER");
  import->add_option("--to", line.to, "Where the answers go; default: beside the requests")->type_name("FOLDER");
  add_json(import, line.central.json);
  import->footer("Files that come twice or in any order do no harm; a refused one keeps none of the others out.");
  add_orders(*central, line);
  add_case_commands(*central, line);
}

int run(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  Line line;
  CLI::App app(k_about, "anjunganctl");
  app.require_subcommand(1);
  app.set_version_flag("--version", ANJUNGAN_VERSION);
  app.footer(k_exit_codes);
  add_terminal_commands(app, line);
  add_printer(app, line);
  add_verify(app, line);
  add_central(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ExitCode::usage);
  }
  return static_cast<int>(line.chosen());
}

}  // namespace
}  // namespace anjungan::ctl

int main(int argc, char** argv) { return anjungan::ctl::run(argc, argv); }
