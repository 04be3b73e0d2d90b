#include "tests/bench/mirror_peer.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>

#include "tests/support/process/program.hpp"

namespace devy::bench {
namespace {

constexpr std::chrono::minutes fill_time_max{15};

// Of the conninfo of a private cluster, whose values hold no quotes.
std::string conninfo_part(const std::string& conninfo, const std::string& name) {
  std::istringstream words(conninfo);
  for (std::string word; words >> word;)
    if (word.starts_with(name + "=")) {
      std::erase(word, '\'');
      return word.substr(name.size() + 1);
    }
  return "devy";
}

}  // namespace

std::vector<std::string> peer_words(const std::string& script,
                                    const std::vector<std::string>& arguments,
                                    const std::string& conninfo) {
  std::vector<std::string> words{"node", std::string(DEVY_PEERS_FOLDER) + "/" + script};
  words.insert(words.end(), arguments.begin(), arguments.end());
  for (const auto* name : {"host", "user", "dbname"})
    words.push_back(conninfo_part(conninfo, name));
  return words;
}

PeerFill fill_by_peer(MirrorRig const& rig) {
  testing::ProgramCall call;
  call.program = "/usr/bin/env";
  call.arguments =
      peer_words("mirror_fill.mjs", {rig.github().url(), MirrorRig::token, MirrorRig::repository},
                 rig.daemon().conninfo());
  call.timeout = fill_time_max;
  const auto result = run_program(call);
  if (result.status != 0) throw std::runtime_error("mirror_fill.mjs: " + result.err);
  const auto told = nlohmann::json::parse(result.out);
  return {told["seconds"], told["asking_seconds"]};
}

}  // namespace devy::bench
