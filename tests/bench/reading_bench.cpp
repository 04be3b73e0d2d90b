// Benchmark of the reading API: posts of 8 KB, and answers that nothing changed, over 16
// connections, beside nginx that serves the same bytes as files. Run by scripts/bench; prints the
// ratios and writes JSON. The figures wanted are those of web.md, "Reading".

#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "core/platform/base/log.hpp"
#include "core/platform/http/server/server.hpp"
#include "core/platform/schema/schema_store.hpp"
#include "core/publishing/store/account_store.hpp"
#include "core/publishing/store/blog_store.hpp"
#include "daemon/web/publishing_api_reading.hpp"
#include "tests/bench/durable_cluster.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/http_sender.hpp"
#include "tests/bench/intake_load.hpp"
#include "tests/bench/server_process.hpp"
#include "tests/support/temp_folder.hpp"

namespace devy::bench {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;
using std::chrono::steady_clock;

constexpr int posts = 2'000, connections = 16;
constexpr std::chrono::seconds measured{5}, warming{1};

// A blog whose posts have 8 KB of prose each.
constexpr const char* fill = R"sql(
  insert into devy.post (id, blog_id, path, slug, title, summary, tags, published_at, markdown, html, toc,
                         front_matter, blob, commit, origin, file_bytes, date_source, word_count)
  select gen_random_uuid(), b.id, 'post-' || n || '.md', 'post-' || n, 'The title of post ' || n,
         'What it is about', array['tag-' || n % 20, 'all'], now() - n * interval '1 hour', 'text',
         (select string_agg('<p>word' || (n * 7919 + m * 104729) % 9973 || ' and <em>more</em> of "it" in line '
                            || m || '</p>', E'\n') from generate_series(1, 140) m),
         '[{"level": 2, "id": "x", "text": "Way"}]', '{"layout": "post"}', repeat('b', 40), repeat('a', 40),
         'x', 8192, 'written', 1500
    from devy.blog b, generate_series(1, 2000) n;
  update devy.blog set head_commit = repeat('a', 40), head_at = now();
  vacuum analyze)sql";

std::string post_path(int n) {
  return "/v1/blogs/alice/notes/posts/post-" + std::to_string(1 + n % posts);
}

std::string get_bytes(const std::string& path, const std::string& tag = {}) {
  return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" +
         (tag.empty() ? "" : "If-None-Match: " + tag + "\r\n") + "\r\n";
}

std::string tag_of(std::string_view head) {
  const auto begin = head.find("ETag: ") + std::string_view("ETag: ").size();
  return std::string(head.substr(begin, head.find("\r\n", begin) - begin));
}

// Each sender asks for one post after the other, of all in turns.
Load load(const std::string& address, int wanted_status,
          const std::function<std::string(int post)>& request_of) {
  std::vector<std::vector<double>> times(connections);
  std::atomic<int> failures{0};
  const auto begun_at = steady_clock::now() + warming;
  {
    std::vector<std::jthread> senders;
    for (int sender = 0; sender < connections; ++sender)
      senders.emplace_back([&, sender] {
        HttpSender connection(address);
        auto& mine = times[static_cast<std::size_t>(sender)];
        for (int n = sender; steady_clock::now() < begun_at + measured; n += connections) {
          const auto request = request_of(n % posts);
          const auto sent_at = steady_clock::now();
          if (connection.send(request) != wanted_status) ++failures;
          if (sent_at >= begun_at)
            mine.push_back(Milliseconds(steady_clock::now() - sent_at).count());
        }
      });
  }
  std::vector<double> all;
  for (const auto& some : times)
    all.insert(all.end(), some.begin(), some.end());
  return summary(std::move(all), std::chrono::duration<double>(measured).count(), failures);
}

// The role `web` as far as it matters here: eight threads and their sessions.
int serve(const std::string& conninfo) {
  daemon::SessionPool sessions(conninfo, config::Database(), "web");
  std::vector<base::Descriptor> sockets;
  sockets.push_back(server::bind_socket("127.0.0.1:0"));
  std::printf("%s\n", server::address_of(sockets.front().get()).c_str());
  std::fflush(stdout);
  server::HttpServer web({.name = "web", .threads = 8},
                         daemon::reading_routes(sessions, "https://devy.example"),
                         std::move(sockets));
  web.run({});
  return 0;
}

// The bodies of all posts as files of nginx; gives the folder's configuration file.
std::string export_posts(const std::string& address, const std::string& folder, int port) {
  std::filesystem::create_directories(folder + "/v1/blogs/alice/notes/posts");
  HttpSender connection(address);
  for (int n = 0; n < posts; ++n) {
    if (connection.send(get_bytes(post_path(n))) != 200)
      throw std::runtime_error("no post: " + std::string(connection.body()));
    std::ofstream(folder + post_path(n)) << connection.body();
  }
  const auto file = folder + "/nginx.conf";
  std::ofstream(file)
      << "user root;\ndaemon off;\nworker_processes auto;\npid " << folder
      << "/pid;\nevents {}\nhttp { access_log off; default_type application/json; "
         "keepalive_requests 100000; open_file_cache max=10000; server { listen 127.0.0.1:"
      << port << "; root " << folder << "; } }\n";
  return file;
}

std::vector<Figure> measure(const std::string& address, const std::string& nginx) {
  HttpSender connection(address), other(nginx);
  connection.send(get_bytes(post_path(0)));
  const auto tag = tag_of(connection.head());
  std::vector<std::string> tags;
  for (int n = 0; n < posts; ++n) {
    other.send(get_bytes(post_path(n)));
    tags.push_back(tag_of(other.head()));
  }
  const auto pages = load(address, 200, [](int n) { return get_bytes(post_path(n)); });
  const auto files = load(nginx, 200, [](int n) { return get_bytes(post_path(n)); });
  const auto same = load(address, 304, [&](int n) { return get_bytes(post_path(n), tag); });
  const auto same_files = load(nginx, 304, [&](int n) {
    return get_bytes(post_path(n), tags[static_cast<std::size_t>(n)]);
  });
  const auto lists =
      load(address, 200, [](int) { return get_bytes("/v1/blogs/alice/notes/posts"); });
  for (const auto* some : {&pages, &files, &same, &same_files, &lists})
    if (some->failures > 0) throw std::runtime_error("answers that were not what they should be");
  return {{"posts of 8 KB", pages.per_second, 3'000, false, "/s"},
          {"posts, p99", pages.p99_ms, 10, true, "ms"},
          {"posts / nginx's files", pages.per_second / files.per_second, 0.25, false, "×"},
          {"unchanged", same.per_second, 8'000, false, "/s"},
          {"unchanged, p99", same.p99_ms, 10, true, "ms"},
          {"unchanged / nginx's", same.per_second / same_files.per_second, 0.5, false, "×"},
          {"lists of 20 posts", lists.per_second, 0, false, "/s"},
          {"nginx, files", files.per_second, 0, false, "/s"},
          {"nginx, unchanged", same_files.per_second, 0, false, "/s"}};
}

int run(const std::string& program, const std::string& json) {
  return run_on_private_cluster([&](const std::string& conninfo) {
    auto connection = pg::Connection::open(conninfo, {}, "bench");
    schema::init_schema(connection);
    publishing::add_account(connection, "alice", true);
    publishing::connect_blog(connection, {"alice", "notes", "https://github.com/alice/notes",
                                          std::nullopt, std::nullopt});
    for (std::string_view rest = fill; !rest.empty();) {  // a statement each: vacuum stands alone
      const auto end = std::min(rest.find(";\n"), rest.size());
      connection.run_script("fill", rest.substr(0, end));
      rest.remove_prefix(std::min(end + 2, rest.size()));
    }
    const ServerProcess web({program, "--serve", conninfo});
    const testing::TempFolder folder;
    const int port = free_port();
    const auto file = export_posts(web.said(), folder.path(), port);
    const ServerProcess nginx(
        {"/usr/sbin/nginx", "-e", folder / "error.log", "-p", folder.path(), "-c", file},
        ServerProcess::Greeting::is_silent);
    await_port(port);
    const auto figures = measure(web.said(), "127.0.0.1:" + std::to_string(port));
    if (!json.empty()) std::ofstream(json) << figures_json(figures);
    return print(figures) ? 0 : 1;
  });
}

int run(int argc, char** argv) {
  base::log::configure(base::log::Level::warning, base::log::Format::logfmt);
  std::string json;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::string(argv[i]) == "--serve") return serve(argv[i + 1]);
    if (std::string(argv[i]) == "--json") json = argv[i + 1];
  }
  return run("/proc/self/exe", json);
}

}  // namespace
}  // namespace devy::bench

int main(int argc, char** argv) {
  try {
    return devy::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "reading_bench: %s\n", error.what());
    return 70;
  }
}
