// scripts/oracle as a program: asks every invariant of reliability.md of a database, of the
// repositories it is a replica of, and of the machine it runs on. Changes nothing.
// Exit status: 0 all hold, 1 one does not, 2 it could not be asked.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>

#include "tests/oracle/database.hpp"
#include "tests/oracle/machine.hpp"
#include "tests/oracle/posts.hpp"
#include "tests/oracle/settings.hpp"
#include "tests/support/git/git_run.hpp"
#include "tests/support/postgres/psql.hpp"

namespace devy::testing {
namespace {

constexpr const char* usage =
    "usage: scripts/oracle [--database CONNINFO] [--repositories FOLDER] [--settled] [--grace "
    "TIME]\n"
    "         [--acknowledged FILE] [--second CONNINFO] [--secrets FILE] [--log FILE]...\n"
    "         [--runtime FOLDER]... [--daemon PID]...\n"
    "  --database      the database to judge; else $DEVY_DB\n"
    "  --repositories  bare repositories as owner/name.git: posts against trees (I1, I6)\n"
    "  --second        a database into which the same repositories were imported: pages (I1)\n"
    "  --settled       all is quiet: every upload has ended, every head is its branch's tip\n"
    "  --grace         how long an upload may wait for a worker (15 minutes)\n"
    "  --acknowledged  a file of delivery GUIDs that were answered 2xx (I2)\n"
    "  --secrets       a file of planted secrets, to be found nowhere (I10)\n"
    "  --log           a file in which no secret may be (I10)\n"
    "  --runtime       a folder of clones (I8)\n"
    "  --daemon        a running daemon: its memory, processes, descriptors (I8, I13)\n";

struct Arguments {
  std::string database, repositories, second, grace = "15 minutes", acknowledged, secrets;
  std::vector<std::string> logs, runtime;
  std::vector<pid_t> daemons;
  bool is_settled = false;
};

Arguments parse(const std::vector<std::string>& words) {
  Arguments arguments;
  if (const char* database = std::getenv("DEVY_DB")) arguments.database = database;
  const std::map<std::string, std::string*> texts{{"--database", &arguments.database},
                                                  {"--repositories", &arguments.repositories},
                                                  {"--second", &arguments.second},
                                                  {"--grace", &arguments.grace},
                                                  {"--acknowledged", &arguments.acknowledged},
                                                  {"--secrets", &arguments.secrets}};
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--settled") {
      arguments.is_settled = true;
      continue;
    }
    if (i + 1 == words.size()) throw std::invalid_argument(words[i]);
    const auto& value = words[i + 1];
    if (const auto text = texts.find(words[i]); text != texts.end()) *text->second = value;
    else if (words[i] == "--log") arguments.logs.push_back(value);
    else if (words[i] == "--runtime") arguments.runtime.push_back(value);
    else if (words[i] == "--daemon") arguments.daemons.push_back(std::stoi(value));
    else throw std::invalid_argument(words[i]);
    ++i;
  }
  return arguments;
}

std::string read_file(const std::string& name) {
  std::ifstream stream(name);
  if (!stream) throw std::runtime_error("unable to read '" + name + "'");
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> rows(const std::string& conninfo, const std::string& sql) {
  std::istringstream output(psql(conninfo, "set search_path = devy; " + sql));
  std::vector<std::string> lines;
  for (std::string line; std::getline(output, line);)
    lines.push_back(line);
  return lines;
}

class Judge {
 public:
  explicit Judge(Arguments arguments) : asked_(std::move(arguments)) {
    DatabaseQuestion question;
    question.conninfo = asked_.database;
    question.grace = asked_.grace;
    question.is_settled = asked_.is_settled;
    if (!asked_.secrets.empty()) question.secrets = read_file(asked_.secrets);
    for (auto& invariant : ask_database(question))
      found_[number_of(invariant.id)] = std::move(invariant);
    found_[8] = {"I8", "nothing is left on disk, nobody unburied", {}};
    found_[13] = {"I13", "memory, processes and descriptors are bounded", {}};
  }

  void judge() {
    ask_trees();
    ask_pages();
    ask_acknowledged();
    ask_machine();
    if (!asked_.secrets.empty()) add(10, told_secrets(read_file(asked_.secrets), asked_.logs));
    else wants(10, "--secrets, for planted ones");
  }

  // 0 or 1.
  int print() {
    int status = 0;
    for (const auto& [number, invariant] : found_) {
      const bool is_broken = !invariant.violations.empty();
      if (is_broken) status = 1;
      std::cout << (is_broken ? "VIOLATED  " : "ok        ") << invariant.id << " "
                << invariant.claim;
      if (is_broken) std::cout << ": " << invariant.violations.size();
      if (const auto note = notes_.find(number); note != notes_.end())
        std::cout << " (" << note->second << ")";
      std::cout << "\n";
      for (std::size_t i = 0; i < std::min(invariant.violations.size(), shown_max); ++i)
        std::cout << "            " << invariant.violations[i] << "\n";
    }
    return status;
  }

 private:
  static constexpr std::size_t shown_max = 20;  // violations of one invariant that are printed

  static int number_of(const std::string& id) { return std::stoi(id.substr(1)); }
  void add(int number, std::vector<std::string> violations) {
    for (auto& violation : violations)
      found_[number].violations.push_back(std::move(violation));
  }
  void wants(int number, const std::string& what) {
    auto& note = notes_[number];
    note += (note.empty() ? "not asked without " : ", ") + what;
  }

  // The folder of a repository whose address ends in owner/name.
  [[nodiscard]] std::string folder_of(const std::string& url) const {
    const std::filesystem::path path(url);
    const auto name = path.filename().string(), owner = path.parent_path().filename().string();
    for (const auto& candidate : {owner + "/" + name, owner + "/" + name + ".git", name})
      if (std::filesystem::exists(asked_.repositories + "/" + candidate))
        return asked_.repositories + "/" + candidate;
    return "";
  }

  void ask_trees() {
    if (asked_.repositories.empty()) {
      wants(1, "--repositories, for trees");
      wants(6, "--repositories, for ancestors");
      return;
    }
    for (const auto& row :
         rows(asked_.database,
              "select concat_ws(E'\\t', b.id, a.username || '/' || b.slug, r.url,"
              " coalesce(b.branch, 'HEAD'), coalesce(b.head_commit, '-'),"
              " b.is_connected and b.pinned_commit is null and r.frozen_reason is null)"
              " from blog b join account a on a.id = b.account_id"
              " join repository r on r.id = b.repository_id order by 1"))
      ask_tree(row);
  }

  void ask_tree(const std::string& row) {
    std::istringstream fields(row);
    std::string address, url, branch, head, is_followed;
    OracleCase oracle;
    oracle.conninfo = asked_.database;
    for (auto* field : {&oracle.blog, &address, &url, &branch, &head, &is_followed})
      std::getline(fields, *field, '\t');
    oracle.repository = folder_of(url);
    if (oracle.repository.empty()) {
      add(1, {address + ": no repository below --repositories for its address"});
      return;
    }
    if (head != "-") {
      const auto settings = read_blog_settings(oracle.repository, head);
      oracle.root = settings.root;
      oracle.is_ignored = ignored_by(settings.ignore, paths_of(oracle.repository, head));
    }
    if (asked_.is_settled && is_followed == "t")
      oracle.head = git({"-C", oracle.repository, "rev-parse", branch});
    for (auto& violation : broken_promises(oracle))
      add(violation.starts_with("went back") ? 6 : 1, {address + ": " + violation});
  }

  // A second rendering of the same files: what an import into an empty database gives.
  void ask_pages() {
    if (asked_.second.empty()) {
      wants(1, "--second, for pages");
      return;
    }
    const std::string pages =
        "select a.username || '/' || b.slug || ' ' || p.path || E'\\t' || p.blob || ' ' ||"
        " encode(sha256(convert_to(p.title || p.html, 'UTF8')), 'hex') from post p"
        " join blog b on b.id = p.blog_id join account a on a.id = b.account_id order by 1";
    std::map<std::string, std::string> rendered;
    for (const auto& row : rows(asked_.second, pages))
      rendered[row.substr(0, row.find('\t'))] = row.substr(row.find('\t'));
    for (const auto& row : rows(asked_.database, pages)) {
      const auto page = row.substr(0, row.find('\t'));
      if (rendered[page] != row.substr(row.find('\t')))
        add(1, {"another rendering differs: " + page});
    }
  }

  void ask_acknowledged() {
    if (asked_.acknowledged.empty()) {
      wants(2, "--acknowledged, for answers");
      return;
    }
    std::istringstream guids(read_file(asked_.acknowledged));
    std::string values;
    for (std::string guid; std::getline(guids, guid);)
      if (!guid.empty()) values += (values.empty() ? "('" : ",('") + guid + "'::uuid)";
    if (values.empty()) return;
    add(2, rows(asked_.database, "select 'answered and not stored once: ' || guid from (values " +
                                     values +
                                     ") as acknowledged (guid) left join delivery d using (guid)"
                                     " group by guid having count(distinct d.ctid) <> 1"));
  }

  void ask_machine() {
    if (asked_.runtime.empty()) wants(8, "--runtime");
    if (asked_.daemons.empty()) {
      wants(8, "--daemon");
      wants(13, "--daemon");
    }
    const auto age =
        rows(asked_.database,
             "select coalesce(extract(epoch from clock_timestamp() - min(started_at)), 0)"
             "::bigint from attempt where ended_at is null");
    const auto oldest =
        std::chrono::system_clock::now() - std::chrono::seconds(std::stol(age.at(0)));
    add(8, leftovers(asked_.runtime, oldest));
    add(8, zombies(asked_.daemons));
    add(13, beyond_limits(asked_.daemons, {}));
  }

  const Arguments asked_;
  std::map<int, Invariant> found_;
  std::map<int, std::string> notes_;
};

}  // namespace
}  // namespace devy::testing

int main(int argc, char** argv) {
  devy::testing::Arguments arguments;
  try {
    arguments = devy::testing::parse({argv + 1, argv + argc});
    if (arguments.database.empty()) throw std::invalid_argument("--database");
  } catch (const std::exception&) {
    std::cerr << devy::testing::usage;
    return 2;
  }
  try {
    devy::testing::Judge judge(arguments);
    judge.judge();
    return judge.print();
  } catch (const std::exception& error) {
    std::cerr << "oracle: " << error.what() << "\n";
    return 2;
  }
}
