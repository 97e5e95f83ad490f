// SPDX-License-Identifier: Apache-2.0
// The strict route table: what is not listed here does not exist.
#pragma once

#include <string>

#include "sync/central/api/http_server.h"
#include "sync/central/ingest/centre.h"

namespace anjungan::central {

/// The hall's name and how to reach people, for the public pages.
struct Brand {
  std::string government = "Pemerintah Kota Bandung";
  std::string phone = "(022) 555-0142";
  std::string help = "Loket 1";
};

class Api {
 public:
  Api(Centre& centre, const record::Clock& clock, const HttpCounters& counters, Brand brand);

  [[nodiscard]] static Route route_of(std::string_view method, std::string_view path);
  /// Terminals and the public.
  [[nodiscard]] HttpResponse serve(const HttpRequest& request);
  /// The control socket.
  [[nodiscard]] HttpResponse control(const HttpRequest& request);

 private:
  HttpResponse wire(const HttpRequest& request, Reply (Centre::*call)(record::Bytes));
  HttpResponse blob(const HttpRequest& request);
  HttpResponse control_commands(const HttpRequest& request);
  HttpResponse look_at_receipt(const HttpRequest& request);
  HttpResponse look_at_code(const HttpRequest& request);

  Centre& m_centre;
  const record::Clock& m_clock;
  const HttpCounters& m_counters;
  Brand m_brand;
  MissBudget m_code_misses{5, 600};
};

}  // namespace anjungan::central
