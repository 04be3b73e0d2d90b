// Benchmark of files (files.md, section 11), beside dd, @tus/server and nginx on the same disk. Run
// by scripts/bench; prints a table and writes JSON. Contents differ, so that none is there already.

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

#include "core/platform/base/base64.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/base/sha256.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/files_rig.hpp"
#include "tests/bench/http_sender.hpp"
#include "tests/bench/measure.hpp"
#include "tests/support/http/raw_http.hpp"

namespace devy::bench {
namespace {

using std::chrono::steady_clock;

constexpr std::size_t mebibyte = 1024UL * 1024, small_bytes = 10UL * 1024;
constexpr std::size_t large = 1024 * mebibyte, parallel_bytes = 64 * mebibyte;
constexpr std::size_t huge = 5 * 1024 * mebibyte;
constexpr int parallel = 8, small_connections = 16, rounds = 3, crowd = 1'000;
constexpr int verified_files = 100'000, asked = 1'000;
constexpr std::chrono::seconds small_time{5};

std::string piece_of(std::size_t bytes, const std::string& mark) {
  std::string piece(bytes, 'x');
  return mark + piece.substr(std::min(mark.size(), bytes));
}

// An upload of two mebibytes of which the first is sent.
class OpenUpload {
 public:
  OpenUpload(const std::string& address, const std::string& authorization, const std::string& mark)
      : connection_(address) {
    connection_.send("POST /v1/files?name=open HTTP/1.1\r\nHost: x\r\n" + authorization +
                     "Content-Length: " + std::to_string(2 * mebibyte) + "\r\n\r\n" + mark);
  }
  void go_on(const std::string& piece) { connection_.send(piece); }

 private:
  testing::RawConnection connection_;
};

class Bench {
 public:
  std::vector<Figure> memory() {
    static_cast<void>(post(mebibyte));
    const auto idle = rig_.memory_now();
    const auto one = open_many(crowd);
    const auto before = rig_.memory_peak();
    static_cast<void>(post(huge));
    return {{"memory of the server, idle", idle, 48, true, "MiB"},
            {"one of 1 000 uploads under way", one, 0.75, true, "MiB"},
            {"5 GiB, above the most before", rig_.memory_peak() - before, 2, true, "MiB"}};
  }

  std::vector<Figure> large_files() {
    std::vector<double> dd, ours, of_tus, of_nginx, many;
    for (int round = 0; round < rounds; ++round) {
      dd.push_back(seconds_of([&] {
        run({{"/usr/bin/dd", "if=/dev/zero", "of=" + (rig_.folder() / "dd"), "bs=1M", "count=1024",
              "conv=fdatasync", "status=none"}});
      }));
      std::filesystem::remove(rig_.folder() / "dd");
      ours.push_back(seconds_of([&] { static_cast<void>(post(large)); }));
      many.push_back(at_once([&](HttpSender& sender) { tus(sender, rig_.ours()); }, rig_.ours()));
      of_tus.push_back(at_once([&](HttpSender& sender) { tus(sender, rig_.tus()); }, rig_.tus()));
      of_nginx.push_back(at_once([&](HttpSender& sender) { put(sender); }, rig_.nginx()));
    }
    const auto mine = quantile(many, 0.5);
    return {{"1 GiB alone, of dd's rate", quantile(dd, 0.5) / quantile(ours, 0.5), 0.9, false, "×"},
            {"1 GiB alone", 1'024 / quantile(ours, 0.5), 0, false, "MiB/s"},
            {"8 × 64 MiB, of @tus/server's rate", quantile(of_tus, 0.5) / mine, 1, false, "×"},
            {"8 × 64 MiB, of nginx' rate (PUT)", quantile(of_nginx, 0.5) / mine, 1, false, "×"}};
  }

  std::vector<Figure> small_files() {
    const auto ours = created(rig_.ours()), theirs = created(rig_.tus());
    const auto floor = written();
    return {{"10 KiB, created with data", ours, 0, false, "/s"},
            {"the same at @tus/server", theirs, 0, false, "/s"},
            {"of @tus/server's rate", ours / theirs, 1.5, false, "×"},
            {"of write, fdatasync, rename, fsync", ours / floor, 0.4, false, "×"}};
  }

  std::vector<Figure> downloads() {
    const auto path = post(parallel_bytes);
    std::filesystem::copy_file(content_of(path), rig_.nginx_folder() + "/file");
    std::vector<double> ours, theirs;
    for (int round = 0; round < rounds * 3; ++round) {
      ours.push_back(seconds_of([&] { get(rig_.ours(), path); }));
      theirs.push_back(seconds_of([&] { get(rig_.nginx(), "/file"); }));
    }
    return {
        {"download, of nginx' rate", quantile(theirs, 0.5) / quantile(ours, 0.5), 0.5, false, "×"}};
  }

  std::vector<Figure> in_json() {
    std::vector<double> raw, json;
    for (int round = 0; round < rounds; ++round) {
      raw.push_back(seconds_of([&] { static_cast<void>(post(parallel_bytes)); }));
      const auto body = R"([{"filename": "x", "content": ")" +
                        base::encode_base64(piece_of(parallel_bytes, mark())) + "\"}]";
      json.push_back(seconds_of([&] {
        HttpSender sender(rig_.ours());
        require(sender.send("PUT /api/upload HTTP/1.1\r\nHost: x\r\n" + authorization() +
                            "Content-Type: application/json\r\nContent-Length: " +
                            std::to_string(body.size()) + "\r\n\r\n" + body),
                200, sender);
      }));
    }
    return {{"64 MiB in JSON, of the same raw", quantile(raw, 0.5) / quantile(json, 0.5), 0.5,
             false, "×"}};
  }

  std::vector<Figure> requests() {
    HttpSender sender(rig_.ours());
    const auto upload = tus_begin(sender, mebibyte);
    std::vector<double> heads, persists;
    for (int n = 0; n < asked; ++n)
      heads.push_back(seconds_of([&] {
                        require(sender.send("HEAD " + upload + " HTTP/1.1\r\nHost: x\r\n" +
                                            authorization() + "Tus-Resumable: 1.0.0\r\n\r\n"),
                                200, sender);
                      }) *
                      1'000);
    for (int n = 0; n < asked / 4; ++n) {
      const auto token = temporary(sender);
      const auto body = R"({"token": ")" + token + R"("})";
      persists.push_back(seconds_of([&] {
                           require(sender.send("POST /v1/files/persist HTTP/1.1\r\nHost: x\r\n" +
                                               authorization() +
                                               "Content-Type: application/json\r\n"
                                               "Content-Length: " +
                                               std::to_string(body.size()) + "\r\n\r\n" + body),
                                   200, sender);
                         }) *
                         1'000);
    }
    return {{"HEAD, p99", quantile(heads, 0.99), 5, true, "ms"},
            {"persist, p99", quantile(persists, 0.99), 10, true, "ms"}};
  }

  // A hundred thousand files of a few bytes, laid where uploads would have laid them.
  std::vector<Figure> verified() {
    std::string rows;
    for (int n = 0; n < verified_files; ++n) {
      const auto text = std::to_string(n) + "\n";
      const auto hex = base::to_hex(base::sha256(text));
      const auto folder =
          rig_.files_folder() + "/objects/" + hex.substr(0, 2) + "/" + hex.substr(2, 2);
      std::filesystem::create_directories(folder);
      testing::write_text(folder + "/" + hex, text);
      rows += hex + "\t" + std::to_string(text.size()) + "\n";
    }
    testing::write_text(rig_.folder() / "rows", rows);
    static_cast<void>(rig_.daemon().ask(
        "create temporary table r (sha256 text, size bigint);\n\\copy r from '" +
        (rig_.folder() / "rows") +
        "'\ninsert into devy.content (sha256, size, storage, state, node, verified_at) select "
        "sha256, size, 'disk', 'stored', 'a', now() from r on conflict do nothing;\n"
        "insert into devy.file (owner_id, name, size, received_sha256, sha256, media_type, state, "
        "is_temporary, completed_at) select o.id, 'n', r.size, r.sha256, r.sha256, 'text/plain', "
        "'permanent', false, now() from r, devy.file_owner o;\n"
        "update devy.file_owner o set files = f.files, bytes_used = f.bytes from (select owner_id, "
        "count(*) files, sum(size) bytes from devy.file where state = 'permanent' group by 1) f "
        "where f.owner_id = o.id;\nanalyze devy.file, devy.content"));
    const auto seconds = seconds_of([&] {
      rig_.daemon().devy({"file", "verify", "--all", "--content"});
    });
    const auto rows_alone = seconds_of([&] { rig_.daemon().devy({"file", "verify", "--all"}); });
    return {{"verify --all, 100 000 files", rows_alone, 20, true, "s"},
            {"with their contents", seconds, 0, false, "s"}};
  }

 private:
  static void require(int status, int wanted, const HttpSender& sender) {
    if (status != wanted)
      throw std::runtime_error("answered " + std::to_string(status) + " " +
                               std::string(sender.head()) + std::string(sender.body()));
  }
  static std::string authorization() {
    return "Authorization: Bearer " + std::string(FilesRig::token) + "\r\n";
  }
  std::string mark() { return "content " + std::to_string(++contents_) + " "; }

  static std::string member(std::string_view json, const char* name) {
    return nlohmann::json::parse(json).at(name);
  }
  // Gives the address of what was stored.
  std::string post(std::size_t bytes) {
    HttpSender sender(rig_.ours());
    require(sender.stream("POST /v1/files?name=large HTTP/1.1\r\nHost: x\r\n" + authorization() +
                              "Content-Type: application/octet-stream\r\nContent-Length: " +
                              std::to_string(bytes) + "\r\n\r\n",
                          bytes, piece_of(mebibyte, mark()), piece_),
            201, sender);
    return nlohmann::json::parse(sender.body()).at("files").at(0).at("url");
  }
  [[nodiscard]] std::string content_of(const std::string& url) {
    const auto id = url.substr(std::string("/v1/files/").size(), 36);
    const auto hex = rig_.daemon().ask("select sha256 from devy.file where id = '" + id + "'");
    return rig_.files_folder() + "/objects/" + hex.substr(0, 2) + "/" + hex.substr(2, 2) + "/" +
           hex;
  }
  std::string tus_begin(HttpSender& sender, std::size_t bytes) {
    require(sender.send("POST /files HTTP/1.1\r\nHost: x\r\n" + authorization() +
                        "Tus-Resumable: 1.0.0\r\nContent-Length: 0\r\nUpload-Length: " +
                        std::to_string(bytes) + "\r\n\r\n"),
            201, sender);
    return location(sender);
  }
  static std::string location(const HttpSender& sender) {
    const std::string head(sender.head());
    auto at = head.find("ocation: ");
    if (at == std::string::npos) throw std::runtime_error("no location: " + head);
    at += std::string("ocation: ").size();
    auto url = head.substr(at, head.find('\r', at) - at);
    if (const auto scheme = url.find("://"); scheme != std::string::npos)
      url = url.substr(url.find('/', scheme + 3));
    return url;
  }
  void tus(HttpSender& sender, const std::string& address) {
    static_cast<void>(address);
    const auto url = tus_begin(sender, parallel_bytes);
    require(sender.stream("PATCH " + url + " HTTP/1.1\r\nHost: x\r\n" + authorization() +
                              "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: "
                              "application/offset+octet-stream\r\nContent-Length: " +
                              std::to_string(parallel_bytes) + "\r\n\r\n",
                          parallel_bytes, piece_of(mebibyte, mark()), piece_),
            204, sender);
  }
  void put(HttpSender& sender) {
    const auto text = mark();
    require(sender.stream("PUT /file" + std::to_string(contents_) +
                              " HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                              std::to_string(parallel_bytes) + "\r\n\r\n",
                          parallel_bytes, piece_of(mebibyte, text), piece_),
            201, sender);
  }
  // Seconds until all connections have done it.
  static double at_once(const std::function<void(HttpSender&)>& work, const std::string& address) {
    std::atomic<bool> has_failed = false;
    const auto seconds = seconds_of([&] {
      std::vector<std::jthread> threads;
      for (int n = 0; n < parallel; ++n)
        threads.emplace_back([&] {
          try {
            HttpSender sender(address);
            work(sender);
          } catch (const std::exception& error) {
            std::fprintf(stderr, "%s\n", error.what());
            has_failed = true;
          }
        });
    });
    if (has_failed) throw std::runtime_error("an upload was refused");
    return seconds;
  }
  // How many files a second, each created with all its bytes.
  double created(const std::string& address) {
    return per_second([&](const std::string& text) -> std::function<void()> {
      auto sender = std::make_shared<HttpSender>(address);
      return [sender, text, n = 0]() mutable {
        const auto body = piece_of(small_bytes, text + std::to_string(++n) + " ");
        require(sender->send("POST /files HTTP/1.1\r\nHost: x\r\n" + authorization() +
                             "Tus-Resumable: 1.0.0\r\nContent-Type: "
                             "application/offset+octet-stream\r\nUpload-Length: " +
                             std::to_string(small_bytes) + "\r\nContent-Length: " +
                             std::to_string(small_bytes) + "\r\n\r\n" + body),
                201, *sender);
      };
    });
  }
  double written() {
    const auto folder = rig_.folder() / "floor";
    std::filesystem::create_directories(folder);
    return per_second([&](const std::string& text) -> std::function<void()> {
      return [folder, text, n = 0]() mutable {
        const auto name = folder + "/" + text + std::to_string(++n);
        const auto body = piece_of(small_bytes, name);
        const int file = ::open((name + ".new").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
        const bool is_written =
            ::write(file, body.data(), body.size()) == static_cast<ssize_t>(body.size()) &&
            ::fdatasync(file) == 0;
        ::close(file);
        std::filesystem::rename(name + ".new", name);
        const int parent = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        const bool is_kept = ::fsync(parent) == 0;
        ::close(parent);
        if (!is_written || !is_kept) throw std::runtime_error("unable to write " + name);
      };
    });
  }
  // `make` gives each of the connections its act.
  double per_second(const std::function<std::function<void()>(const std::string& mark)>& make) {
    std::atomic<int> done = 0;
    std::atomic<bool> has_failed = false;
    const auto until = steady_clock::now() + small_time;
    {
      std::vector<std::jthread> threads;
      for (int n = 0; n < small_connections; ++n)
        threads.emplace_back([&, act = make(mark())] {
          try {
            while (steady_clock::now() < until && !has_failed) {
              act();
              ++done;
            }
          } catch (const std::exception& error) {
            std::fprintf(stderr, "%s\n", error.what());
            has_failed = true;
          }
        });
    }
    if (has_failed) throw std::runtime_error("a small file was refused");
    return done / std::chrono::duration<double>(small_time).count();
  }
  static void get(const std::string& address, const std::string& path) {
    HttpSender sender(address);
    require(sender.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + authorization() + "\r\n"), 200,
            sender);
  }
  std::string temporary(HttpSender& sender) {
    const auto body = R"([{"filename": "x", "content": ")" + base::encode_base64(mark()) + "\"}]";
    require(sender.send("PUT /api/upload_temporary HTTP/1.1\r\nHost: x\r\n" + authorization() +
                        "Content-Type: application/json\r\nContent-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n" + body),
            200, sender);
    return member(sender.body(), "token");
  }
  // How much one more upload takes that has begun and goes on.
  double open_many(int count) {
    const auto before = rig_.memory_now();
    std::vector<std::unique_ptr<OpenUpload>> uploads;
    for (int n = 0; n < count; ++n)
      uploads.push_back(std::make_unique<OpenUpload>(rig_.ours(), authorization(), mark()));
    for (auto& upload : uploads)
      upload->go_on(piece_);
    return (rig_.memory_now() - before) / count;
  }
  FilesRig rig_;
  const std::string piece_ = std::string(mebibyte, 'x');
  int contents_ = 0;
};

}  // namespace
}  // namespace devy::bench

int main(int argc, char** argv) {
  using devy::bench::Bench;
  return devy::bench::run_figures("files_bench", argc, argv,
                                  [](const devy::bench::AddFigures& add) {
                                    Bench bench;
                                    add(bench.memory());
                                    add(bench.large_files());
                                    add(bench.small_files());
                                    add(bench.downloads());
                                    add(bench.in_json());
                                    add(bench.requests());
                                    add(bench.verified());
                                  });
}
