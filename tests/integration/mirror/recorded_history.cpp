#include "tests/integration/mirror/recorded_history.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <stdexcept>

#include "core/mirror/records/process.hpp"
#include "core/mirror/scan/list.hpp"
#include "core/platform/http/http_date.hpp"
#include "core/platform/http/httplib_transport.hpp"

namespace devy::mirror {
namespace interleavings_test {
namespace {

using Document = nlohmann::json;

// Small pages, so that lists have several.
constexpr int history_page_size = 2;
constexpr int history_pages_max = 20;
// Nothing within it is hidden by whole seconds, by skewed clocks or by what is final for a minute.
constexpr std::chrono::seconds rest_after{300};

class Recorder {
 public:
  Recorder(const testing::GithubState& github, const HistoryOptions& options)
      : github_(github),
        options_(options),
        random_(options.seed),
        transport_(http::make_httplib_transport({})) {}

  History record() {
    begin();
    for (int act = 0; act < options_.acts; ++act) {
      Document random{{"do", "random"},
                      {"repository", options_.repository},
                      {"seed", options_.seed * 1000 + static_cast<unsigned>(act)},
                      {"count", 1},
                      {"to", options_.repository + "-attic"},
                      {"without", {"edit_repository"}},
                      {"advance_max", 2}};
      // Issues show a label's name, and no event of theirs tells that it has another.
      if (act == 0 && options_.seed % 4 == 0) random["only"] = Document::array({"edit_label"});
      github_.control(random.dump());
      receive_deliveries();
      if (below(2) == 0) ask_for_something();
    }
    rest();
    return std::move(history_);
  }

 private:
  struct Answer {
    int status = 0;
    std::string body, next;
    base::TimePoint date{}, sent_at{};
  };

  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }

  void begin() {
    history_.repository = options_.repository;
    const auto made = Document::parse(github_.control(
        Document::array({{{"do", "webhooks"}, {"recorded", false}},
                         {{"do", "fill"},
                          {"repository", options_.repository},
                          {"issues", 2},
                          {"pulls", 1},
                          {"labels", 2},
                          {"milestones", 1},
                          {"users", 2},
                          {"comments", 2},
                          {"files_per_pull", 1},
                          {"seed", options_.seed}},
                         {{"do", "fill"}, {"repository", options_.repository + "-attic"}},
                         {{"do", "clock"}, {"advance", 60}},
                         {{"do", "webhooks"}, {"recorded", true}}})
            .dump()));
    history_.repository_id = made[1]["id"];
    github_.forget_deliveries();
  }

  Answer get(const std::string& address) {
    http::Request request;
    request.url = address.starts_with("http") ? address : github_.url() + address;
    request.headers = {{"Authorization", "Bearer reader"}};
    const auto response = transport_->send(request);
    Answer answer;
    answer.status = response.status;
    answer.body = response.body;
    answer.date = http::parse_http_date(response.header("Date")).value();
    answer.sent_at = answer.date + options_.skew;
    const std::string link(response.header("Link"));
    if (const auto end = link.find(">; rel=\"next\""); end != std::string::npos)
      answer.next = link.substr(link.rfind('<', end) + 1, end - link.rfind('<', end) - 1);
    now_ = answer.date;
    return answer;
  }

  [[nodiscard]] std::string address() const {
    return "/repositories/" + std::to_string(history_.repository_id);
  }

  [[nodiscard]] records::Origin origin_of(const Answer& answer) const {
    records::Origin origin;
    origin.via = records::Via::api;
    origin.fetched_at = answer.sent_at;
    origin.github_at = answer.date;
    origin.repository_id = history_.repository_id;
    return origin;
  }

  [[nodiscard]] Told told_by(const Answer& answer, records::Relation main,
                             const std::string& what) const {
    Told told;
    told.words = what + ", asked for at " +
                 std::to_string(answer.sent_at.time_since_epoch() / std::chrono::seconds(1));
    told.options = {records::Via::api, answer.sent_at, answer.date, main};
    return told;
  }

  std::vector<Told> read_list(const std::string& name) {
    const auto& list = *scan::find_list(name);
    std::vector<Told> pages;
    auto next = scan::list_address(list, history_.repository_id, "all", history_page_size);
    if (list.paging == scan::Paging::by_time) next += "&since=2000-01-01T00:00:00Z";
    for (int page = 0; page < history_pages_max && !next.empty(); ++page) {
      const auto answer = get(next);
      if (answer.status != 200) throw std::runtime_error("no list: " + answer.body);
      auto told = told_by(answer, list.relation, "page of " + name);
      static_cast<void>(records::process_list(parsed_document(answer.body), list.process,
                                              origin_of(answer), told.records));
      pages.push_back(std::move(told));
      next = answer.next;
    }
    return pages;
  }

  // An issue or a pull request by itself; what answers for it where it is no more.
  std::optional<Told> read_one(const std::string& name, const Document& facts) {
    const auto& list = *scan::find_list(name);
    const auto answer = get(address() + "/" + list.path + "/" + facts["number"].dump());
    auto told = told_by(answer, list.relation, name + " " + facts["number"].dump());
    if (answer.status == 200) {
      list.process(parsed_document(answer.body), origin_of(answer), told.records);
      return told;
    }
    RowEnd end;
    end.list = name;
    end.id = facts["id"];
    end.at = answer.sent_at;
    end.reason = answer.status == 410 ? "deleted" : answer.status == 301 ? "transferred" : "gone";
    if (answer.status == 301) end.moved_to = options_.repository + "-attic";
    told.ends.push_back(end);
    return told;
  }

  [[nodiscard]] Document facts() const {
    const auto all = Document::parse(github_.state());
    for (const auto& repository : all["repositories"])
      if (repository["repository"]["id"] == history_.repository_id) return repository;
    throw std::runtime_error("no facts");
  }

  void ask_for_something() {
    constexpr std::array lists{"issues", "issues", "pulls", "labels", "milestones", "comments"};
    const auto choice = below(9);
    if (choice < static_cast<int>(lists.size())) {
      for (auto& page : read_list(lists.at(static_cast<std::size_t>(choice))))
        history_.told.push_back(std::move(page));
      return;
    }
    const auto* const name = choice == 8 ? "pulls" : "issues";
    const auto all = facts();
    const auto& ones = all[choice == 8 ? "pull_requests" : "issues"];
    if (ones.empty()) return;
    if (auto told =
            read_one(name, ones[static_cast<std::size_t>(below(static_cast<int>(ones.size())))]))
      history_.told.push_back(*std::move(told));
  }

  void receive_deliveries() {
    static_cast<void>(get(address()));  // for the time that it is
    for (const auto& delivery : Document::parse(github_.deliveries())) {
      const auto& payload = delivery["payload"];
      if (payload["repository"]["id"] != history_.repository_id) continue;
      Delivered delivered;
      delivered.event = delivery["event"];
      delivered.payload = payload.dump();
      delivered.repository_id = history_.repository_id;
      // It takes a while to come; a later event may be here before.
      delivered.received_at = now_ + options_.skew +
                              std::chrono::milliseconds(100 + below(below(4) == 0 ? 60'000 : 900));
      delivered.is_of_app = options_.is_of_app;
      for (auto& told : told_by_delivery(delivered))
        history_.told.push_back(std::move(told));
    }
    github_.forget_deliveries();
  }

  void rest() {
    github_.control(Document{{"do", "clock"}, {"advance", rest_after.count()}}.dump());
    const auto repository = get(address());
    history_.lists_asked_at = repository.sent_at;
    auto told = told_by(repository, records::Relation::repository, "repository");
    records::process_repository(parsed_document(repository.body), origin_of(repository),
                                told.records);
    history_.lists.push_back(std::move(told));
    for (const auto* name : {"labels", "milestones", "issues", "pulls", "comments"})
      for (auto& page : read_list(name))
        history_.lists.push_back(std::move(page));
    const auto all = facts();
    for (const auto& issue : all["issues"])
      history_.issues.push_back(*read_one("issues", issue));
    for (const auto& pull : all["pull_requests"])
      history_.pulls.push_back(*read_one("pulls", pull));
  }

  const testing::GithubState& github_;
  HistoryOptions options_;
  std::minstd_rand random_;
  std::unique_ptr<http::Transport> transport_;
  base::TimePoint now_{};
  History history_;
};

}  // namespace

History record_history(const testing::GithubState& github, const HistoryOptions& options) {
  return Recorder(github, options).record();
}

}  // namespace interleavings_test
}  // namespace devy::mirror
