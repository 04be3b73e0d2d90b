#include "tests/oracle/database.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/support/postgres/psql.hpp"

namespace devy::testing {
namespace {

constexpr std::string_view marker = "== ";  // printed between two files

struct Question {
  std::string id, claim, sql;
};

std::vector<Question> read_questions() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(DEVY_ORACLE_FOLDER "/sql"))
    files.push_back(entry.path());
  std::ranges::sort(files);
  std::vector<Question> questions;
  for (const auto& file : files) {
    std::ifstream stream(file);
    Question question;
    std::string dashes;
    stream >> dashes >> question.id >> std::ws;
    std::getline(stream, question.claim);
    question.sql.assign(std::istreambuf_iterator<char>(stream), {});
    if (dashes != "--") throw std::runtime_error(file.string() + " does not say what it asks");
    questions.push_back(std::move(question));
  }
  return questions;
}

std::string quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text)
    if (c == '\'' || c == '\\') quoted += std::string(2, c);
    else if (c == '\n') quoted += "\\n";
    else quoted += c;
  return quoted + "'";
}

}  // namespace

std::vector<Invariant> ask_database(const DatabaseQuestion& question) {
  const auto questions = read_questions();
  // One snapshot for all of them: between two transactions everything must hold at once.
  std::string script = "\\set grace " + quoted(question.grace) + "\n\\set settled " +
                       (question.is_settled ? "yes" : "no") + "\n\\set secrets " +
                       quoted(question.secrets) +
                       "\nset default_transaction_isolation = 'repeatable read';\n"
                       "set client_min_messages = warning;\n"
                       "set search_path = devy;\nbegin;\n";
  for (const auto& asked : questions)
    script += "\\echo '" + std::string(marker) + asked.id + "'\n" + asked.sql + "\n";
  std::istringstream output(psql(question.conninfo, script + "rollback;\n"));
  std::vector<Invariant> invariants;
  for (std::string line; std::getline(output, line);) {
    if (line.starts_with(marker)) {
      const auto& asked = questions.at(invariants.size());
      invariants.push_back({asked.id, asked.claim, {}});
    } else if (!line.empty()) {
      invariants.back().violations.push_back(line);
    }
  }
  return invariants;
}

std::vector<std::string> broken_queue_invariants(const std::string& conninfo) {
  std::vector<std::string> broken;
  DatabaseQuestion question;
  question.conninfo = conninfo;
  for (const auto& invariant : ask_database(question))
    for (const auto& violation : invariant.violations)
      broken.push_back(invariant.id + " " + invariant.claim + ": " + violation);
  return broken;
}

}  // namespace devy::testing
