#pragma once
// The real daemon with files, and a user of the stand-in for GitHub, "alice", whose token is
// "ghp_alice". One thread.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/e2e/daemon/daemon_fixture.hpp"
#include "tests/support/github/github_state.hpp"
#include "tests/support/http/raw_http.hpp"

namespace devy::testing {

// One of the two lines of the README that send a file.
inline std::string line_of_readme(const std::string& path) {
  std::istringstream readme(read_text(DEVY_SOURCE_FOLDER "/README.md"));
  for (std::string line; std::getline(readme, line);)
    if (line.starts_with("    curl -X PUT http://localhost:8000" + path + " ")) return line;
  throw std::runtime_error("the README has no line for " + path);
}

class FilesDaemon : public DaemonFixture {
 protected:
  // `files`, `web`: lines of these sections besides, in which "<folder>" is a folder of the test's.
  explicit FilesDaemon(std::string files = "",
                       std::string web = "addresses = [\"127.0.0.1:0\"]\n") {
    const std::string place = "<folder>";
    for (auto* text : {&files, &web})
      for (auto at = text->find(place); at != std::string::npos; at = text->find(place))
        text->replace(at, place.size(), folder_.path());
    static_cast<void>(github_.control(
        R"([{"do": "create_user", "login": "alice"},
            {"do": "token", "token": "ghp_alice", "user": "alice", "scopes": []}])"));
    configure("[files]\nenabled = true\ndirectory = \"" + (folder_ / "files") +
              "\"\nfree_bytes_min = \"0B\"\n" + files + "[web]\n" + web + "[github]\napi_url = \"" +
              github_.url() + "\"\n[database]\nweb_conninfo = \"" + database_.conninfo() +
              " options='-c role=devy_web'\"\n");
    static_cast<void>(run({"db", "roles"}));
  }
  ~FilesDaemon() override {
    if (daemon_) static_cast<void>(stop(*daemon_));
  }

  void begin() {
    static_cast<void>(run({"file", "init"}));
    daemon_ = start();
    const std::string mark = "role=\"web\" address=\"";
    const auto said = daemon_->said();
    const auto at = said.find(mark) + mark.size();
    address_ = said.substr(at, said.find('"', at) - at);
  }

  [[nodiscard]] ProgramResult attempt(const std::vector<std::string>& arguments) const {
    auto call = daemon_call();
    call.program = "devy-upload";
    call.arguments = arguments;
    return run_program(call);
  }
  [[nodiscard]] std::string run(const std::vector<std::string>& arguments) const {
    const auto result = attempt(arguments);
    if (result.status != 0) throw std::runtime_error(result.out + result.err);
    return result.out;
  }
  // What the line prints, with the daemon's port and the user's token in it.
  [[nodiscard]] std::string type(std::string line) const {
    const std::string port = ":8000";
    line.replace(line.find(port), port.size(), address_.substr(address_.rfind(':')));
    return type_line(std::move(line));
  }
  // The same of a line that names the server already.
  [[nodiscard]] std::string type_line(std::string line) const {
    const std::string token = "<github token>";
    line.replace(line.find(token), token.size(), "ghp_alice");
    ProgramCall call;
    call.program = "/bin/bash";
    call.arguments = {"-c", line};
    call.directory = folder_.path();
    const auto result = run_program(call);
    EXPECT_EQ(result.status, 0) << result.err;
    return result.out;
  }
  // The text behind a name in a JSON document, up to the next quote.
  static std::string member(const std::string& json, const std::string& name) {
    const auto mark = "\"" + name + "\": \"";
    const auto at = json.find(mark);
    if (at == std::string::npos) throw std::runtime_error("no " + name + " in " + json);
    return json.substr(at + mark.size(), json.find('"', at + mark.size()) - at - mark.size());
  }
  // The process that serves it.
  [[nodiscard]] pid_t web_process() const {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::ifstream status(entry.path() / "status"), words(entry.path() / "cmdline");
      std::string line, command;
      std::getline(words, command);
      while (std::getline(status, line))
        if (line == "PPid:\t" + std::to_string(daemon_->pid()) &&
            command.find("web") != std::string::npos)
          return std::stoi(entry.path().filename());
    }
    throw std::runtime_error("no process serves");
  }
  // Of each process of the daemon: the most memory that it ever had, in KiB.
  [[nodiscard]] std::map<std::string, long> peaks() const {
    std::map<std::string, long> peaks;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      std::ifstream status(entry.path() / "status");
      std::string line;
      bool is_child = false;
      while (std::getline(status, line)) {
        if (line == "PPid:\t" + std::to_string(daemon_->pid())) is_child = true;
        if (is_child && line.starts_with("VmHWM:"))
          peaks[entry.path().filename()] = std::stol(line.substr(6));
      }
    }
    return peaks;
  }

  GithubState github_;
  std::unique_ptr<Program> daemon_;
  std::string address_;
};

}  // namespace devy::testing
