#include "core/publishing/markdown/render_message.hpp"

#include <chrono>
#include <cstring>
#include <optional>
#include <type_traits>

#include "core/platform/base/error.hpp"

namespace devy::markdown {
namespace {

using snapshot::FileError;

class Writer {
 public:
  explicit Writer(std::string& frame) : frame_(frame) { frame_.clear(); }

  template <class Number>
  requires(std::is_arithmetic_v<Number>) void put(Number number) {
    char bytes[sizeof number];  // NOLINT: no header for it
    std::memcpy(bytes, &number, sizeof number);
    frame_.append(bytes, sizeof number);
  }
  void put(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    frame_ += text;
  }
  void put(const std::string& text) { put(std::string_view(text)); }
  void put(base::TimePoint time) {
    put(static_cast<std::int64_t>(time.time_since_epoch().count()));
  }
  void put(const WrittenDate& date) {
    put(date.at);
    put(date.day.has_value());
    if (date.day) put(static_cast<std::int64_t>(date.day->time_since_epoch().count()));
  }
  void put(const FileError& error) {
    put(error.path);
    put(error.line);
    put(error.column);
    put(error.message);
  }
  void put(const FileLink& link) {
    put(link.offset);
    put(link.use == FileLink::Use::resource);
    put(link.target);
    put(link.line);
    put(link.column);
  }
  template <class Item>
  void put(const std::optional<Item>& item) {
    put(item.has_value());
    if (item) put(*item);
  }
  template <class Item>
  void put(const std::vector<Item>& items) {
    put(static_cast<std::uint32_t>(items.size()));
    for (const auto& item : items)
      put(item);
  }

 private:
  std::string& frame_;
};

class Reader {
 public:
  explicit Reader(std::string_view frame) : rest_(frame) {}

  template <class Number>
  requires(std::is_arithmetic_v<Number>) void get(Number& number) {
    std::memcpy(&number, take(sizeof number).data(), sizeof number);
  }
  void get(bool& truth) { truth = take(1).front() != 0; }
  void get(std::string& text) {
    std::uint32_t size = 0;
    get(size);
    text = take(size);
  }
  void get(base::TimePoint& time) {
    std::int64_t micros = 0;
    get(micros);
    time = base::TimePoint{std::chrono::microseconds{micros}};
  }
  void get(WrittenDate& date) {
    bool is_day = false;
    get(date.at);
    get(is_day);
    if (!is_day) return;
    std::int64_t days = 0;
    get(days);
    date.day = std::chrono::sys_days{std::chrono::days{days}};
  }
  void get(FileError& error) {
    get(error.path);
    get(error.line);
    get(error.column);
    get(error.message);
  }
  void get(FileLink& link) {
    bool is_resource = false;
    get(link.offset);
    get(is_resource);
    link.use = is_resource ? FileLink::Use::resource : FileLink::Use::page;
    get(link.target);
    get(link.line);
    get(link.column);
  }
  template <class Item>
  void get(std::optional<Item>& item) {
    bool is_there = false;
    get(is_there);
    if (is_there) get(item.emplace());
  }
  template <class Item>
  void get(std::vector<Item>& items) {
    std::uint32_t size = 0;
    get(size);
    items.clear();
    // One at a time: a size that is not true ends with the frame, not with the memory.
    for (std::uint32_t i = 0; i < size; ++i)
      get(items.emplace_back());
  }

 private:
  std::string_view take(std::size_t bytes) {
    if (bytes > rest_.size())
      throw base::Error(base::ErrorKind::internal,
                        "unable to read from the rendering process: a message is cut short");
    const auto taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    return taken;
  }
  std::string_view rest_;
};

// One list of the fields for both directions.
template <class Archive, class Fields>
void each_field(Fields& document, Archive&& archive) {
  archive(document.title);
  archive(document.slug);
  archive(document.summary);
  archive(document.date);
  archive(document.updated);
  archive(document.expires);
  archive(document.tags);
  archive(document.authors);
  archive(document.aliases);
  archive(document.cover);
  archive(document.canonical);
  archive(document.lang);
  archive(document.is_draft);
  archive(document.word_count);
  archive(document.front_matter_json);
  archive(document.toc_json);
  archive(document.html);
  archive(document.links);
  archive(document.warnings);
}

template <class Archive, class Setup>
void each_setting(Setup& setup, Archive&& archive) {
  archive(setup.limits.markdown_file_bytes_max);
  archive(setup.limits.html_bytes_max);
  archive(setup.limits.front_matter_bytes_max);
  archive(setup.options.timezone);
}

}  // namespace

void encode(const RenderSetup& setup, std::string& frame) {
  Writer writer(frame);
  each_setting(setup, [&](const auto& field) { writer.put(field); });
  writer.put(static_cast<std::int64_t>(setup.limits.render_cpu.count()));
}

void encode(const SourceFile& file, std::size_t text_bytes_max, std::string& frame) {
  Writer writer(frame);
  writer.put(file.path);
  writer.put(std::string_view(file.text).substr(0, text_bytes_max + 1));
}

void encode(const std::variant<Document, FileError>& result, std::string& frame) {
  Writer writer(frame);
  const auto* document = std::get_if<Document>(&result);
  writer.put(document != nullptr);
  if (document == nullptr) {
    writer.put(std::get<FileError>(result));
    return;
  }
  each_field(*document, [&](const auto& field) { writer.put(field); });
  writer.put(static_cast<std::uint64_t>(document->markdown.size()));
}

RenderSetup decode_setup(std::string_view frame) {
  Reader reader(frame);
  RenderSetup setup;
  each_setting(setup, [&](auto& field) { reader.get(field); });
  std::int64_t cpu = 0;
  reader.get(cpu);
  setup.limits.render_cpu = std::chrono::seconds{cpu};
  return setup;
}

SourceFile decode_source(std::string_view frame) {
  Reader reader(frame);
  SourceFile file;
  reader.get(file.path);
  reader.get(file.text);
  return file;
}

Rendered decode_result(std::string_view frame, SourceFile&& source) {
  Reader reader(frame);
  bool is_document = false;
  reader.get(is_document);
  if (!is_document) {
    FileError error;
    reader.get(error);
    return {std::move(source.path), std::move(error)};
  }
  Document document;
  each_field(document, [&](auto& field) { reader.get(field); });
  std::uint64_t body_bytes = 0;
  reader.get(body_bytes);
  if (body_bytes < source.text.size()) source.text.erase(0, source.text.size() - body_bytes);
  document.markdown = std::move(source.text);
  return {std::move(source.path), std::move(document)};
}

}  // namespace devy::markdown
