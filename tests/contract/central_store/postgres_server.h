// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL of a test's own: a cluster in a temporary folder, reached over a unix socket there, never over a
// network. Under root it runs as another user, because PostgreSQL refuses root.
#pragma once

#include <sys/types.h>

#include <string>

namespace anjungan::test {

class PostgresServer {
 public:
  /// `settings`: further "-c name=value" words for the server.
  explicit PostgresServer(std::string settings = {});
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// False: PostgreSQL is not installed or did not start; `why` tells.
  [[nodiscard]] bool running() const { return m_server > 0; }
  [[nodiscard]] const std::string& why() const { return m_why; }

  [[nodiscard]] std::string url(const std::string& database = "postgres") const;
  /// A new empty database; its URL.
  [[nodiscard]] std::string new_database();

  void start();
  /// SIGKILL to the postmaster and all of its processes: what a power cut leaves of it.
  void kill();
  /// An orderly end.
  void stop();

  /// The folder of the cluster and of its socket.
  [[nodiscard]] const std::string& folder() const { return m_folder; }
  /// Runs a program of PostgreSQL (initdb, pg_basebackup, pgbench) as the server's user; its exit code.
  int run(const std::string& program, const std::string& arguments) const;

 private:
  bool answers() const;

  std::string m_settings;
  std::string m_binaries;
  std::string m_folder;
  std::string m_why;
  uid_t m_user = 0;
  gid_t m_group = 0;
  pid_t m_server = -1;
  int m_databases = 0;
};

}  // namespace anjungan::test
