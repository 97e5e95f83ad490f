// SPDX-License-Identifier: Apache-2.0
// The real anjungan-central with enrolled terminals that deliver to it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/central/fleet.h"

namespace anjungan::bench {

inline constexpr std::size_t k_connections = 64;

[[noreturn]] void give_up(const std::string& why);

struct Programs {
  std::string bin;        ///< folder of anjungan-central
  std::string catalogue;  ///< folder
};

class CentreProgram {
 public:
  /// `url` as `--store` takes it, empty for SQLite in `folder`.
  CentreProgram(const std::string& folder, const std::string& url, const Programs& programs, std::size_t terminals);
  ~CentreProgram();
  CentreProgram(const CentreProgram&) = delete;
  CentreProgram& operator=(const CentreProgram&) = delete;

  [[nodiscard]] unsigned short port() const { return m_port; }
  [[nodiscard]] pid_t pid() const { return m_child; }
  [[nodiscard]] std::vector<std::unique_ptr<Terminal>>& terminals() { return m_terminals; }

  /// Each of the first k_connections terminals delivers `batches` of `events`, which it has made beforehand, over a
  /// connection of its own. Acknowledged events a second.
  double deliver(std::size_t batches, std::size_t events);

  /// MiB the program has held at most.
  [[nodiscard]] double peak_mib() const;

 private:
  void start(const std::string& folder, const std::string& url, const Programs& programs);

  World m_world;
  std::vector<std::unique_ptr<Terminal>> m_terminals;
  std::vector<std::unique_ptr<HttpConnection>> m_connections;
  pid_t m_child = -1;
  unsigned short m_port = 0;
};

}  // namespace anjungan::bench
