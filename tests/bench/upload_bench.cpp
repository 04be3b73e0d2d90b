// Benchmark of the upload: a first import beside its floor (clone + cmark-gfm + COPY of the same
// rows) and beside hugo, and a one-file push to a large blog beside a bare `git fetch` of it. All
// in one run, on the built programs. Run by scripts/bench; prints a table and writes JSON.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "core/platform/cluster/private_cluster.hpp"
#include "tests/bench/blog_maker.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/git/git_http_server.hpp"
#include "tests/support/git/git_run.hpp"
#include "tests/support/postgres/cluster_folder.hpp"
#include "tests/support/postgres/psql.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::bench {
namespace {

using nlohmann::ordered_json;

struct Options {
  std::string program;     // devy-upload
  std::string repository;  // a real one instead of made-up posts
  std::string json = "bench-upload.json";
  std::string only;  // one part
  int posts = 1873, large_posts = 10'000, runs = 5;
};

class Bench {
 public:
  explicit Bench(Options options)
      : options_(std::move(options)),
        server_(folder_ / "repositories"),
        paths_{cluster_.path() / "data", cluster_.path() / "socket",
               cluster_.path() / "data/server.log"},
        conninfo_(cluster::start_cluster(paths_)) {
    testing::write_text(folder_ / "devy-upload.toml",
                        "[git]\nurl_schemes = [\"http\"]\nurl_hosts = []\n"
                        "allow_private_addresses = true\n");
    cli({"db", "init"});
    cli({"account", "add", "bench", "--supporter"});
  }
  ~Bench() { cluster::stop_cluster(paths_); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  [[nodiscard]] bool wants(const std::string& part) const {
    return options_.only.empty() || options_.only == part;
  }

  void first_import() {
    const auto source = folder_ / "repositories/import.git";
    if (options_.repository.empty()) make_blog(source, options_.posts);
    else copy_repository(options_.repository, source);
    const auto markdown = folder_ / "markdown";
    const int files = export_markdown(source, markdown);
    const auto import = [&](int i, bool samples_memory) {
      const auto name = "import-" + std::to_string(i);
      std::filesystem::create_directory_symlink(source,
                                                folder_ / ("repositories/" + name + ".git"));
      cli({"blog", "connect", "bench/" + name, server_.url(name + ".git")});
      return command({"trigger", "bench/" + name, "--here", "--wait", "-q"}, samples_memory);
    };
    const auto ours = median_of(options_.runs, [&](int i) { return import(i, false); });
    const auto memory = run(import(options_.runs, true));  // sampling costs time: a run of its own
    const auto clone = median_of(options_.runs, [&](int i) {
      return Command{{"git", "clone", "--quiet", "--depth", "1", "--bare",
                      server_.url("import.git"), folder_ / ("clone-" + std::to_string(i))}};
    });
    const auto cmark = median_of(options_.runs, [&](int) { return cmark_command(markdown); });
    const auto copy = copy_rows();
    const auto floor = clone.seconds + cmark.seconds + copy.seconds;
    auto& out = result_["first_import"];
    out["files"] = files;
    out["posts"] = std::stoi(testing::psql(conninfo_, import_count));
    out["seconds"] = ours.seconds;
    out["floor_seconds"] = floor;
    out["floor_clone_seconds"] = clone.seconds;
    out["floor_cmark_seconds"] = cmark.seconds;
    out["floor_copy_seconds"] = copy.seconds;
    out["ratio_to_floor"] = ours.seconds / floor;
    out["largest_process_mib"] = std::max(ours.process_mib, memory.process_mib);
    out["process_tree_mib"] = memory.tree_mib;
    if (std::system("command -v hugo > /dev/null 2>&1") == 0) {
      const auto hugo = hugo_build(markdown);
      out["hugo_seconds"] = hugo.seconds;
      out["hugo_to_ours"] = hugo.seconds / ours.seconds;
    }
  }

  void one_file_push() {
    const auto source = folder_ / "repositories/large.git";
    make_blog(source, options_.large_posts);
    cli({"blog", "connect", "bench/large", server_.url("large.git")});
    const auto first = run(command({"trigger", "bench/large", "--here", "--wait", "-q"}, true));
    const auto mirror = folder_ / "mirror.git";
    testing::git({"clone", "--quiet", "--bare", "--depth", "1", server_.url("large.git"), mirror});
    const auto push = [&](int number, bool samples_memory) {
      push_one_edit(source, number);
      const auto fetch =
          run({{"git", "-C", mirror, "fetch", "--quiet", "--depth", "1", "origin", "+main:main"}});
      const auto ours =
          run(command({"trigger", "bench/large", "--here", "--wait", "-q"}, samples_memory));
      return std::pair{fetch, ours};
    };
    std::vector<double> differences, fetches, pushes;
    for (int i = 0; i < options_.runs; ++i) {
      const auto [fetch, ours] = push(i, false);
      differences.push_back(ours.seconds - fetch.seconds);
      fetches.push_back(fetch.seconds);
      pushes.push_back(ours.seconds);
    }
    const auto memory = push(options_.runs, true).second;
    auto& out = result_["one_file_push"];
    out["posts"] = options_.large_posts;
    out["seconds"] = median(pushes);
    out["git_fetch_seconds"] = median(fetches);
    out["seconds_over_fetch"] = median(differences);
    out["largest_process_mib"] = memory.process_mib;
    out["process_tree_mib"] = memory.tree_mib;
    out["first_import_seconds"] = first.seconds;
    out["first_import_largest_process_mib"] = first.process_mib;
    out["first_import_process_tree_mib"] = first.tree_mib;
  }

  void report() const {
    for (const auto& [section, figures] : result_.items()) {
      std::printf("%s\n", section.c_str());
      for (const auto& [name, value] : figures.items())
        std::printf("  %-34s %10.3f\n", name.c_str(), value.get<double>());
    }
    std::ofstream(options_.json) << result_.dump(2) << "\n";
  }

 private:
  static constexpr const char* import_count =
      "select count(*) from devy.post p join devy.blog b on b.id = p.blog_id where b.slug = "
      "'import-0'";

  static double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
  }

  Command command(std::vector<std::string> arguments, bool samples_memory) const {
    arguments.insert(arguments.begin(), options_.program);
    return {std::move(arguments),
            {"DEVY_CONFIG=" + folder_ / "devy-upload.toml", "DEVY_DB=" + conninfo_},
            {},
            "/dev/null",
            samples_memory};
  }
  void execute(const std::string& sql) const { static_cast<void>(testing::psql(conninfo_, sql)); }
  void cli(std::vector<std::string> arguments) const {
    arguments.emplace_back("-q");
    run(command(std::move(arguments), false));
  }

  static Command cmark_command(const std::string& folder) {
    Command command{{"cmark-gfm", "-e", "table", "-e", "strikethrough", "-e", "autolink", "-e",
                     "tasklist", "-e", "footnotes"}};
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
      if (entry.is_regular_file()) command.arguments.push_back(entry.path().string());
    return command;
  }

  // COPY of the rows that one import made, into a table of the same shape without its indexes.
  Measured copy_rows() const {
    const auto file = folder_ / "rows.copy";
    const auto select =
        "select p.* from devy.post p join devy.blog b on b.id = p.blog_id "
        "where b.slug = 'import-0'";
    execute("\\copy (" + std::string(select) + ") to '" + file + "'");
    return median_of(options_.runs, [&](int i) {
      const auto table = "bench_rows_" + std::to_string(i);
      execute("create table " + table + " (like devy.post including all)");
      return Command{
          {"psql", "-XqAt", "-d", conninfo_, "-c", "\\copy " + table + " from '" + file + "'"}};
    });
  }

  Measured hugo_build(const std::string& markdown) const {
    const auto site = folder_ / "site";
    std::filesystem::create_directories(site + "/content");
    std::filesystem::copy(markdown, site + "/content", std::filesystem::copy_options::recursive);
    testing::write_text(site + "/config.toml",
                        "baseURL = 'https://example.org/'\ntitle = 'x'\n"
                        "disableKinds = ['RSS','sitemap','taxonomy','term']\n");
    testing::write_text(site + "/layouts/_default/single.html", "<h1>{{.Title}}</h1>{{.Content}}");
    testing::write_text(site + "/layouts/_default/list.html",
                        "{{range .RegularPages}}<a href='{{.Permalink}}'>{{.Title}}</a>{{end}}");
    return median_of(options_.runs, [&](int i) {
      return Command{{"hugo", "--quiet", "--source", site, "--destination",
                      folder_ / ("public-" + std::to_string(i))}};
    });
  }

  Options options_;
  testing::TempFolder folder_;
  testing::ClusterFolder cluster_;
  testing::GitHttpServer server_;
  cluster::ClusterPaths paths_;
  std::string conninfo_;
  ordered_json result_ = ordered_json::object();
};

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--program") options.program = value;
    else if (name == "--repository") options.repository = value;
    else if (name == "--json") options.json = value;
    else if (name == "--only") options.only = value;
    else if (name == "--runs") options.runs = std::stoi(value);
    else if (name == "--posts") options.posts = std::stoi(value);
    else if (name == "--large-posts") options.large_posts = std::stoi(value);
    else throw std::runtime_error("unknown option " + name);
  }
  if (options.program.empty()) throw std::runtime_error("--program devy-upload is needed");
  return options;
}

}  // namespace
}  // namespace devy::bench

int main(int argc, char** argv) {
  try {
    devy::bench::Bench bench(devy::bench::parse(argc, argv));
    if (bench.wants("first_import")) bench.first_import();
    if (bench.wants("one_file_push")) bench.one_file_push();
    bench.report();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "error: " << error.what() << "\n";
    return 1;
  }
}
