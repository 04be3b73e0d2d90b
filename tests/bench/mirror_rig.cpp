#include "tests/bench/mirror_rig.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/platform/http/httplib_transport.hpp"

namespace devy::bench {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t answer_bytes_max = std::uint64_t{64} * 1024 * 1024;
constexpr std::chrono::minutes oracle_time_max{5};
constexpr int load_minutes_max = 10;

// A reader: webhooks are shown to administrators alone, and would be one list more. The hour's
// requests are more than any benchmark sends.
std::string acts_before(const MirrorRigOptions& options) {
  const Json fill{{"do", "fill"},
                  {"repository", MirrorRig::repository},
                  {"issues", options.issues},
                  {"pulls", options.pulls},
                  {"labels", MirrorRig::labels},
                  {"milestones", MirrorRig::milestones},
                  {"users", 40},
                  {"body_words", options.body_words},
                  {"files_per_pull", options.files_per_pull},
                  {"seed", 7}};
  // Of what is filled much has changed last in one and the same second, at its end. A single change
  // an hour later is the newest one: what is newer than a little before that is read again and
  // again.
  return Json::array({{{"do", "clock"}, {"advance", -86'400}},
                      fill,
                      {{"do", "clock"}, {"advance", 3'600}},
                      {{"do", "edit_issue"},
                       {"repository", MirrorRig::repository},
                       {"number", 1},
                       {"title", "The newest change"}},
                      {{"do", "clock"}, {"real", true}},
                      {{"do", "create_user"}, {"login", "reader"}},
                      {{"do", "token"},
                       {"token", MirrorRig::token},
                       {"user", "reader"},
                       {"scopes", {"repo"}},
                       {"quota", 1'000'000}},
                      {{"do", "faults"}, {"latency_ms", options.latency_ms}}})
      .dump();
}

}  // namespace

MirrorRig::MirrorRig(const MirrorRigOptions& options) {
  const auto made = Json::parse(github_.control(acts_before(options)));
  repository_id_ = made[1]["id"].dump();
  testing::write_text(folder_ / "token", std::string(MirrorRig::token) + "\n");
  std::filesystem::permissions(folder_ / "token", std::filesystem::perms::owner_read);
  // Lists are read again when a benchmark makes them due, and never within its time otherwise.
  daemon_.emplace(DaemonRigOptions{
      "[reconcile]\nevery = 0\n[verify]\nevery = 0\n[runners]\ngithub = " +
          std::to_string(runners) + "\n[github]\napi_url = \"" + github_.url() +
          "\"\ntoken_file = \"" + (folder_ / "token") +
          "\"\ntoken_for = [\"alice\"]\nstatuses = false\ndeliveries_every = 0\nconcurrency = " +
          std::to_string(options.concurrency) +
          "\n"
          "[mirror]\nenabled = true\nfiles = false\nsettle_every = 0\naudit_every = 0\n"
          "rescan_every = \"6h\"\nrescan_unhooked_every = \"6h\"\n",
      options.is_for_own ? repository_id_ : ""});
}

std::string MirrorRig::read(const std::string& path) const {
  http::TransportOptions options;
  options.body_bytes_max = answer_bytes_max;
  const auto response =
      http::make_httplib_transport(options)->send({"GET", github_.url() + path, {}, {}});
  if (response.status != 200) throw std::runtime_error("the stand-in refused " + path);
  return response.body;
}

double MirrorRig::load(const std::vector<std::string>& words) {
  const auto begun_at = daemon_->ask("select clock_timestamp()");
  auto all = words;
  all.push_back("--wait=" + std::to_string(load_minutes_max) + "m");
  daemon_->devy(all);
  return daemon_->number(
      "select extract(epoch from max(finished_at) - min(created_at)) from devy.operation "
      "where created_at >= '" +
      begun_at + "'");
}

Requests MirrorRig::requests() const {
  Requests requests;
  for (const auto& request : Json::parse(github_.requests())) {
    ++requests.sent;
    requests.charged += request["charged"] == true ? 1 : 0;
  }
  return requests;
}

double MirrorRig::rows() const {
  return daemon_->number(
      "select (select count(*) from github.issue where deleted_at is null) + "
      "(select count(*) from github.pull_request where deleted_at is null)");
}

void MirrorRig::require_equal_rows() const {
  testing::ProgramCall call;
  call.program = "/usr/bin/python3";
  call.arguments = {DEVY_ORACLE_FOLDER "/mirror_oracle.py",
                    "--state",
                    github_.url(),
                    "--db",
                    daemon_->conninfo(),
                    "--repository",
                    repository};
  call.timeout = oracle_time_max;
  const auto result = run_program(call);
  if (result.status != 0)
    throw std::runtime_error("the rows are not what GitHub has: " + result.out.substr(0, 1'000) +
                             result.err.substr(0, 1'000));
}

}  // namespace devy::bench
