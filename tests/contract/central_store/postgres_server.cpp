// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/central_store/postgres_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace anjungan::test {
namespace {

namespace fs = std::filesystem;

/// The newest version that Debian installs.
std::string binaries() {
  std::string found;
  int newest = 0;
  std::error_code ignored;
  for (const auto& one : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    const int version = std::atoi(one.path().filename().c_str());
    if (version > newest && fs::exists(one.path() / "bin/postgres")) {
      newest = version;
      found = (one.path() / "bin").string();
    }
  }
  return found;
}

/// In the child: no root, and no life after the test's.
void become(uid_t user, gid_t group) {
  if (getuid() == 0 && (setgroups(0, nullptr) != 0 || setgid(group) != 0 || setuid(user) != 0)) _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
}

void log_into(const std::string& path) {
  const int log = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) return;
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
}

}  // namespace

PostgresServer::PostgresServer(std::string settings) : m_settings(std::move(settings)), m_binaries(binaries()) {
  if (m_binaries.empty()) {
    m_why = "PostgreSQL is not installed (image/packages/test.txt)";
    return;
  }
  std::string pattern = (fs::temp_directory_path() / "anjungan-pg-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) std::abort();
  m_folder = pattern;
  m_user = getuid();
  m_group = getgid();
  if (m_user == 0) {
    const passwd* other = getpwnam("postgres");
    if (other == nullptr) other = getpwnam("nobody");
    if (other == nullptr) std::abort();
    m_user = other->pw_uid;
    m_group = other->pw_gid;
    if (chown(m_folder.c_str(), m_user, m_group) != 0) std::abort();
  }
  if (run("initdb", fmt::format("-D {}/data -U postgres -A trust -E UTF8 --locale=C --no-sync", m_folder)) != 0) {
    m_why = "initdb failed";
    return;
  }
  start();
}

PostgresServer::~PostgresServer() {
  kill();
  std::error_code ignored;
  if (!m_folder.empty()) fs::remove_all(m_folder, ignored);
}

std::string PostgresServer::url(const std::string& database) const {
  return fmt::format("postgres://postgres@/{}?host={}", database, m_folder);
}

std::string PostgresServer::new_database() {
  const std::string name = fmt::format("test_{}", ++m_databases);
  if (run("psql", fmt::format("-h {} -U postgres -q -c \"CREATE DATABASE {}\" postgres", m_folder, name)) != 0) {
    std::abort();
  }
  return url(name);
}

int PostgresServer::run(const std::string& program, const std::string& arguments) const {
  const std::string command = fmt::format("exec {}/{} {}", m_binaries, program, arguments);
  const std::string log = m_folder + "/log";
  const pid_t child = fork();
  if (child == 0) {
    become(m_user, m_group);
    log_into(log);
    if (chdir(m_folder.c_str()) != 0) _exit(126);
    execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void PostgresServer::start() {
  const std::string log = m_folder + "/log";
  const std::string command = fmt::format(
      "exec {}/postgres -D {}/data -k {} -c listen_addresses= -c max_connections=80 -c shared_buffers=64MB "
      "-c restart_after_crash=on {}",
      m_binaries, m_folder, m_folder, m_settings);
  m_server = fork();
  if (m_server == 0) {
    setpgid(0, 0);
    become(m_user, m_group);
    log_into(log);
    if (chdir(m_folder.c_str()) != 0) _exit(126);
    execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  // Its own answer is the condition; each question takes the time of a process.
  for (int tries = 0; tries < 2'000; tries++) {
    if (answers()) return;
    int status = 0;
    if (waitpid(m_server, &status, WNOHANG) == m_server) break;
    poll(nullptr, 0, 10);
  }
  m_why = "the server did not start: see " + log;
  m_server = -1;
}

bool PostgresServer::answers() const { return run("pg_isready", fmt::format("-q -h {} -U postgres", m_folder)) == 0; }

void PostgresServer::kill() {
  if (m_server <= 0) return;
  // Its children lead process groups of their own. A stopped postmaster starts no more of them.
  ::kill(m_server, SIGSTOP);
  const std::string children = fmt::format("/proc/{}/task/{}/children", m_server, m_server);
  if (FILE* list = fopen(children.c_str(), "re")) {
    int child = 0;
    while (fscanf(list, "%d", &child) == 1) ::kill(child, SIGKILL);
    fclose(list);
  }
  ::kill(m_server, SIGKILL);
  waitpid(m_server, nullptr, 0);
  m_server = -1;
  unlink((m_folder + "/data/postmaster.pid").c_str());
}

void PostgresServer::stop() {
  if (m_server <= 0) return;
  ::kill(m_server, SIGINT);
  waitpid(m_server, nullptr, 0);
  m_server = -1;
}

}  // namespace anjungan::test
