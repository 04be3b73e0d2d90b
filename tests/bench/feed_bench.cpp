// Benchmark of the change feed: pages of a hundred documents applied with its triggers and without
// them, in turns, on a durable PostgreSQL of its own. Run by scripts/bench; prints the ratios and
// writes JSON. The figures wanted are those of mirror.md, section 12.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "core/mirror/store/apply.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/schema/schema_store.hpp"
#include "tests/bench/durable_cluster.hpp"

namespace devy::bench {
namespace {

constexpr int turns = 10;        // each with the feed and without it
constexpr int pages_a_turn = 5;  // behind one that is not measured: switching triggers costs plans

// What is measured: pages of such documents, each a transaction.
struct Load {
  const char* name;
  records::Relation relation;
  int rows;  // of a page
  std::size_t body_bytes;
  bool is_changed;  // else each is only seen again
  double wanted;
};
constexpr Load loads[] = {
    {"a hundred issues with the feed / without", records::Relation::issue, 100, 2'048, true, 1.4},
    {"a hundred pull requests with the feed / without", records::Relation::pull_request, 100, 2'048,
     true, 1.4},
    {"ten issues of 256 KiB with the feed / without", records::Relation::issue, 10, 262'144, true,
     1.4},
    {"a single issue with the feed / without", records::Relation::issue, 1, 2'048, true, 1.4},
    {"a hundred stamps with the feed / without", records::Relation::issue, 100, 2'048, false, 1.4}};

struct Ratio {
  const Load* load;
  double with_ms, without_ms;
  [[nodiscard]] double value() const { return with_ms / without_ms; }
};

// Like prose: it is compressed to a half or so.
std::string body_of(int id, std::size_t bytes) {
  std::string body;
  for (unsigned n = static_cast<unsigned>(id) + 1; body.size() < bytes; n = n * 48'271U + 11U)
    body += "word" + std::to_string(n % 9'973U) + " and ";
  return body;
}

class FeedBench {
 public:
  explicit FeedBench(const std::string& conninfo)
      : connection_(pg::Connection::open(conninfo, {}, "bench")) {
    schema::init_schema(connection_);
  }

  Ratio measure(const Load& load) {
    minute_ = 0;
    connection_.run_script("clear", "truncate github.issue, github.pull_request, github.change");
    apply_page(load);
    connection_.run_script("vacuum", "vacuum analyze");
    std::vector<double> with, without;
    for (int turn = 0; turn < turns; ++turn) {
      set_triggers("enable");
      apply_pages(load, with);
      set_triggers("disable");
      apply_pages(load, without);
    }
    set_triggers("enable");
    return {&load, median(std::move(with)), median(std::move(without))};
  }

 private:
  void apply_pages(const Load& load, std::vector<double>& took) {
    apply_page(load);
    for (int page = 0; page < pages_a_turn; ++page)
      took.push_back(apply_page(load));
  }
  // In milliseconds, with its commit.
  double apply_page(const Load& load) {
    const auto begin = *base::parse_rfc3339("2026-01-01T00:00:00Z");
    if (load.is_changed || minute_ == 0) ++minute_;
    sent_at_ += std::chrono::minutes(2);
    records::Records records;
    for (int id = 1; id <= load.rows; ++id) {
      records::Record record;
      record.relation = load.relation;
      record.id = id;
      record.github_at = begin + std::chrono::minutes(minute_);
      record.has_own_time = true;
      record.columns = {{"number", id},
                        {"repository_id", 7},
                        {"title", "title " + std::to_string(minute_)},
                        {"state", "open"},
                        {"user_id", 3},
                        {"user_login", "bob"},
                        {"body", body_of(id, load.body_bytes)}};
      records.add(record);
    }
    const auto begun_at = std::chrono::steady_clock::now();
    pg::Transaction transaction(connection_);
    mirror::apply(connection_, records,
                  {records::Via::api, begin + sent_at_, std::nullopt, load.relation}, {});
    transaction.commit();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun_at)
        .count();
  }
  void set_triggers(const std::string& act) {
    connection_.run_script("triggers", "alter table github.issue " + act +
                                           " trigger user; alter table github.pull_request " + act +
                                           " trigger user");
  }
  static double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
  }

  pg::Connection connection_;
  int minute_ = 0;
  std::chrono::minutes sent_at_{0};
};

void write_json(const std::string& path, const std::vector<Ratio>& ratios) {
  std::ofstream file(path);
  file << "[";
  for (std::size_t i = 0; i < ratios.size(); ++i)
    file << (i == 0 ? "\n" : ",\n") << R"(  {"name": ")" << ratios[i].load->name
         << R"(", "value": )" << ratios[i].value() << R"(, "unit": "×", "wanted": )"
         << ratios[i].load->wanted << "}";
  file << "\n]\n";
}

int run(int argc, char** argv) {
  base::log::configure(base::log::Level::warning, base::log::Format::logfmt);
  std::string json;
  for (int i = 1; i + 1 < argc; i += 2)
    if (std::string(argv[i]) == "--json") json = argv[i + 1];
  return run_on_private_cluster([&](const std::string& conninfo) {
    FeedBench bench(conninfo);
    std::vector<Ratio> ratios;
    bool is_reached = true;
    for (const auto& load : loads) {
      ratios.push_back(bench.measure(load));
      const auto& ratio = ratios.back();
      std::printf("%-52s %5.2f ×   (%.2f ms / %.2f ms a page; wanted: %.1f)\n", load.name,
                  ratio.value(), ratio.with_ms, ratio.without_ms, load.wanted);
      is_reached = is_reached && ratio.value() <= load.wanted;
    }
    if (!json.empty()) write_json(json, ratios);
    return is_reached ? 0 : 1;
  });
}

}  // namespace
}  // namespace devy::bench

int main(int argc, char** argv) {
  try {
    return devy::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "feed_bench: %s\n", error.what());
    return 70;
  }
}
