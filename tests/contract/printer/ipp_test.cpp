// SPDX-License-Identifier: Apache-2.0
// The way to a driverless printer: CupsPrinter, a real cupsd and its ipp backend, ippeveprinter. What arrives is read
// by CUPS's own raster reader.
#include <arpa/inet.h>
#include <cups/raster.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "printer/render/render.h"
#include "printer/spool/cups_printer.h"
#include "tests/contract/printer/bench.h"
#include "tests/golden/receipts/samples.h"

namespace anjungan::spool {
namespace {

namespace fs = std::filesystem;

sockaddr_in local(int port) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(static_cast<std::uint16_t>(port));
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return at;
}

/// One that was free a moment ago: whoever uses it must be ready to try another.
int free_port() {
  const int file = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in at = local(0);
  socklen_t size = sizeof at;
  static_cast<void>(::bind(file, reinterpret_cast<sockaddr*>(&at), size));
  static_cast<void>(::getsockname(file, reinterpret_cast<sockaddr*>(&at), &size));
  ::close(file);
  return ntohs(at.sin_port);
}

bool answers(int port) {
  const int file = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in at = local(port);
  const bool out = ::connect(file, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
  ::close(file);
  return out;
}

/// ippeveprinter with the message bus that it wants, both of this test alone.
class IppPrinter {
 public:
  /// `attributes`: ippeveprinter's own options for what it can do. What each job asked for stands in asked().
  IppPrinter(std::string folder, const std::string& attributes) : m_folder(std::move(folder)) {
    fs::create_directories(m_folder + "/spool");
    std::ofstream(m_folder + "/hook") << "#!/bin/sh\necho \"$IPP_MEDIA_COL\" >>" << m_folder << "/asked\n";
    fs::permissions(m_folder + "/hook", fs::perms::owner_exec, fs::perm_options::add);
    start("bus", "dbus-daemon --session --nofork --nopidfile --address=unix:path=" + m_folder + "/bus.sock");
    EXPECT_TRUE(await([&] { return fs::exists(m_folder + "/bus.sock"); }));
    for (int tries = 0; tries < 5 && !listening(); tries++) {
      m_port = free_port();
      start("printer", "env DBUS_SYSTEM_BUS_ADDRESS=unix:path=" + m_folder + "/bus.sock ippeveprinter -p " +
                           std::to_string(m_port) + " -n localhost -r off -k -c " + m_folder + "/hook -d " + m_folder +
                           "/spool " + attributes + " Receipts");
      static_cast<void>(await([&] { return listening() || !alive("printer"); }));
    }
    EXPECT_TRUE(listening()) << shell("cat " + m_folder + "/printer.log");
  }
  ~IppPrinter() {
    for (const char* name : {"printer", "bus"}) {
      if (alive(name)) ::kill(process(name), SIGTERM);
      EXPECT_TRUE(await([&] { return !alive(name); })) << name;
    }
  }
  IppPrinter(const IppPrinter&) = delete;
  IppPrinter& operator=(const IppPrinter&) = delete;

  [[nodiscard]] std::string uri() const { return "ipp://localhost:" + std::to_string(m_port) + "/ipp/print"; }
  /// The documents that came, in order.
  [[nodiscard]] std::vector<std::string> documents() const {
    std::map<int, std::string> found;
    for (const auto& one : fs::recursive_directory_iterator(m_folder + "/spool")) {
      if (!one.is_regular_file() || one.file_size() == 0) continue;
      found[std::stoi(one.path().filename().string())] = one.path().string();  // "2-title.pwg"
    }
    std::vector<std::string> out;
    for (const auto& [job, path] : found) out.push_back(path);
    return out;
  }
  /// What each job was to be printed on, a line each.
  [[nodiscard]] std::string asked() const { return shell("cat " + m_folder + "/asked"); }

 private:
  void start(const std::string& name, const std::string& command) const {
    shell("setsid " + command + " >" + m_folder + "/" + name + ".log 2>&1 & echo $! >" + m_folder + "/" + name +
          ".pid");
  }
  [[nodiscard]] pid_t process(const std::string& name) const {
    std::ifstream file(m_folder + "/" + name + ".pid");
    pid_t out = 0;
    file >> out;
    return out;
  }
  [[nodiscard]] bool alive(const std::string& name) const {
    std::ifstream file("/proc/" + std::to_string(process(name)) + "/stat");
    std::string number, command, state;
    return file >> number >> command >> state && state != "Z";
  }
  [[nodiscard]] bool listening() const { return m_port != 0 && alive("printer") && answers(m_port); }

  std::string m_folder;
  int m_port = 0;
};

struct Raster {
  cups_page_header2_t header{};
  render::Bytes bits;
  bool more = false;
};

Raster read_raster(const std::string& path) {
  Raster out;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  cups_raster_t* raster = cupsRasterOpen(file, CUPS_RASTER_READ);
  if (raster != nullptr && cupsRasterReadHeader2(raster, &out.header) != 0) {
    out.bits.resize(static_cast<std::size_t>(out.header.cupsBytesPerLine) * out.header.cupsHeight);
    const unsigned got = cupsRasterReadPixels(raster, out.bits.data(), static_cast<unsigned>(out.bits.size()));
    EXPECT_EQ(got, out.bits.size());
    cups_page_header2_t next{};
    out.more = cupsRasterReadHeader2(raster, &next) != 0;
  }
  cupsRasterClose(raster);
  ::close(file);
  return out;
}

void expect_same(const Raster& raster, const render::Bitmap& bitmap, unsigned dpi) {
  EXPECT_STREQ(raster.header.MediaClass, "PwgRaster");
  EXPECT_EQ(raster.header.cupsWidth, static_cast<unsigned>(bitmap.width));
  EXPECT_EQ(raster.header.cupsHeight, static_cast<unsigned>(bitmap.height));
  EXPECT_EQ(raster.header.cupsBitsPerPixel, 1U);
  EXPECT_EQ(raster.header.cupsColorSpace, CUPS_CSPACE_K);
  EXPECT_EQ(raster.header.HWResolution[0], dpi);
  EXPECT_EQ(raster.header.HWResolution[1], dpi);
  EXPECT_TRUE(raster.bits == bitmap.bits);
  EXPECT_FALSE(raster.more) << "one page";
}

class IppTest : public testing::Test {
 protected:
  /// As a technician sets it up; CUPS asks the printer what it can do.
  void start(const std::string& attributes) {
    device.emplace(folder.path("ipp"), attributes);
    cups.command("lpadmin -p driverless -E -v " + device->uri() + " -m everywhere");
    // The scheduler asks the printer behind lpadmin's back.
    ASSERT_TRUE(await([&] { return fs::exists(cups.path("c/etc/ppd/driverless.ppd")); }));
  }

  /// The file that arrives.
  std::string print(Printer& printer, const Document& document) {
    const auto handle = printer.submit(document);
    if (!handle) {
      ADD_FAILURE() << handle.error().text;
      return {};
    }
    const JobView end = end_of(printer, *handle);
    EXPECT_TRUE(end.state == JobState::sent || end.state == JobState::printed)
        << job_state_name(end.state) << end.reason << cups.command("tail -n 30 " + cups.path("c/log/error_log"));
    const auto all = device->documents();
    return all.empty() ? std::string() : all.back();
  }

  TestFolder folder;
  PrivateCups cups{folder.path("cups")};
  std::optional<IppPrinter> device;
};

// ippeveprinter's narrowest paper is three inches wide and five long.
TEST_F(IppTest, ARollArrivesDotForDot) {
  start("-f application/pdf,image/pwg-raster");
  const Document document{"one", receipt::layout(receipt::sample(), receipt::roll(640, 203))};
  CupsPrinter printer("driverless", render::Target{document.page.medium, render::Format::pwg, {}});
  const std::string path = print(printer, document);
  ASSERT_NE(path, "");
  expect_same(read_raster(path), render::to_bitmap(document.page), 203);
}

/// The printer of roll.conf, whose longest receipt is `longest_mm`.
class RollTest : public IppTest {
 protected:
  void start_roll(int longest_mm) {
    const std::string longest = std::to_string(longest_mm);
    shell("sed 's/x2000mm/x" + longest + "mm/; s/-200000/-" + longest +
          "00/' " ANJUNGAN_TESTS "/contract/printer/roll.conf >" + folder.path("roll.conf"));
    start("-a " + folder.path("roll.conf"));
  }
};

TEST_F(RollTest, EachReceiptIsOnePageOfItsOwnLength) {
  start_roll(2'000);
  // 640 dots are a little more than the 80 mm that such a printer names.
  for (const int dots : {576, 640}) {
    const receipt::Medium roll = receipt::roll(dots, 203);
    CupsPrinter printer("driverless", render::Target{roll, render::Format::pwg, {}});
    for (const bool whole : {false, true}) {
      const Document document =
          whole ? Document{"long", receipt::layout(receipt::sample(), roll)} : receipt_titled("short", 1, roll);
      const std::string path = print(printer, document);
      ASSERT_NE(path, "");
      expect_same(read_raster(path), render::to_bitmap(document.page), 203);
      const std::string all = device->asked();
      const std::string last = all.substr(all.rfind('\n', all.size() - 2) + 1);
      // {media-size={x-dimension=7267 y-dimension=11288} ...}, in hundredths of a millimetre
      const int length = std::stoi(last.substr(last.find("y-dimension=") + 12));
      EXPECT_NEAR(length, document.page.height * 2'540 / 203, 120) << last;
      EXPECT_LE(std::stoi(last.substr(last.find("x-dimension=") + 12)), 8'000) << last;
    }
  }
  EXPECT_EQ(device->documents().size(), 4U);
}

TEST_F(RollTest, AReceiptThatWouldBeCutOffIsNotSent) {
  start_roll(90);
  const receipt::Medium roll = receipt::roll(576, 203);
  CupsPrinter printer("driverless", render::Target{roll, render::Format::pwg, {}});
  const Document document{"long", receipt::layout(receipt::sample(), roll)};
  ASSERT_GT(document.page.height * 254 / 2'030, 95) << "longer than this paper";
  const auto handle = printer.submit(document);
  ASSERT_FALSE(handle);
  EXPECT_EQ(handle.error().kind, ErrorKind::rejected);
  EXPECT_NE(handle.error().text.find("80 x 90 mm"), std::string::npos) << handle.error().text;
  EXPECT_TRUE(device->documents().empty());
}

TEST_F(IppTest, APageArrivesAsPdfWithItsTextAsText) {
  start("-f application/pdf,image/pwg-raster");
  CupsPrinter printer("driverless", receipt::k_a4);
  const std::string path = print(printer, receipt_titled("one", 1, receipt::k_a4));
  ASSERT_NE(path, "");
  EXPECT_NE(shell("pdfinfo " + path).find("(A4)"), std::string::npos) << shell("pdfinfo " + path);
  EXPECT_NE(shell("pdftotext " + path + " -").find("3273-0012-000427-5"), std::string::npos);
}

/// Pictures that press the runs of the compression: none equal, all equal, longer than one count reaches.
TEST(PwgRaster, IsReadBackDotForDot) {
  const TestFolder folder;
  for (const int width : {8, 16, 384, 576, 2'400}) {
    for (const int kind : {0, 1, 2, 3}) {
      render::Bitmap bitmap;
      bitmap.width = width;
      bitmap.stride = width / 8;
      bitmap.height = 600;
      for (int y = 0; y < bitmap.height; y++) {
        for (int x = 0; x < bitmap.stride; x++) {
          const int value = kind == 0   ? 0
                            : kind == 1 ? x * 37 + y
                            : kind == 2 ? (x / 3 * 91) ^ (y / 270)
                                        : (x * x + y * 7) % 5 / 3 * 255;
          bitmap.bits.push_back(static_cast<std::uint8_t>(value));
        }
      }
      const std::string path = folder.path("one.pwg");
      const render::Bytes bytes = render::to_pwg(bitmap, 203);
      std::ofstream(path, std::ios::binary)
          .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
      SCOPED_TRACE(std::to_string(width) + "/" + std::to_string(kind));
      expect_same(read_raster(path), bitmap, 203);
    }
  }
}

}  // namespace
}  // namespace anjungan::spool
