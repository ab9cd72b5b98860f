#include "config/secrets.hpp"

#include "config/changed_secrets.hpp"
#include "support/temp_dir.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <concepts>
#include <fstream>
#include <functional>
#include <ostream>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <type_traits>
#include <unistd.h>

namespace ordersync::config {
namespace {

namespace fs = std::filesystem;
using test_support::temp_dir;
using ::testing::HasSubstr;

template <class T>
concept streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

static_assert(!streamable<secret>);
static_assert(!fmt::is_formattable<secret>::value);
static_assert(!std::is_copy_constructible_v<secret> && !std::is_copy_assignable_v<secret>);
static_assert(std::is_nothrow_move_constructible_v<secret>);
static_assert(!std::is_convertible_v<secret, std::string_view>);

secret secret_of(std::string_view text) {
  return secret(std::vector<char>(text.begin(), text.end()));
}

// One account that reads its secret from `reference`, in a configuration inside `dir`.
settings with_secret(const temp_dir& dir, std::string reference) {
  settings s;
  s.origins = {{(dir.path() / "ordersync.yaml").string(), dir.path()}};
  account& a = s.accounts.emplace_back();
  a.name = "main";
  a.at = {3, 5};
  a.access_secret = {std::move(reference), {6, 25}};
  return s;
}

std::string complaint(const settings& s, const fs::path& credentials = {}) {
  const auto read = read_secrets(s, credentials);
  return read ? std::string() : to_text(read.error());
}

std::string place(const settings& s) {
  return s.origins[0].name + ":6:25: accounts[0].access_secret_file: ";
}

TEST(secret, moving_takes_the_bytes_along) {
  secret first = secret_of("abc");
  secret second = std::move(first);
  EXPECT_EQ(second.reveal(), "abc");
  secret third = secret_of("def");
  third = std::move(second);
  EXPECT_EQ(third.reveal(), "abc");
  EXPECT_TRUE(third == secret_of("abc"));
  EXPECT_FALSE(third == secret_of("abd"));
}

TEST(secret, wiping_overwrites_every_byte) {
  std::vector<char> bytes{'a', 'b', 'c'};
  wipe(bytes);
  EXPECT_EQ(bytes, (std::vector<char>{0, 0, 0}));
}

TEST(secrets, a_relative_file_is_beside_the_configuration) {
  const temp_dir dir;
  dir.write("plain", "s3cret\n");
  fs::create_directory(dir.path() / "sub");
  dir.write("sub/deep", "deeper\r\n\n");
  const auto plain = read_secrets(with_secret(dir, "plain"), {});
  ASSERT_TRUE(plain) << to_text(plain.error());
  EXPECT_EQ(plain->access_secrets.at(0).reveal(), "s3cret");
  EXPECT_FALSE(plain->database_password);
  EXPECT_EQ(read_secrets(with_secret(dir, "sub/deep"), {})->access_secrets.at(0).reveal(), "deeper");
}

TEST(secrets, what_an_editor_left_around_the_secret_is_named) {
  const temp_dir dir;
  for (const std::string_view text : {"\xEF\xBB\xBFsecret\n", "\xEF\xBB\xBF", "\xEF\xBB\xBF\n"}) {
    dir.write("s", std::string(text));
    EXPECT_THAT(complaint(with_secret(dir, "s")), HasSubstr("byte order mark")) << text;
  }
  for (const std::string_view text : {" ", " secret", "secret \n", "secret\xC2\xA0", "\xE3\x80\x80secret"}) {
    dir.write("s", std::string(text));
    EXPECT_THAT(complaint(with_secret(dir, "s")), HasSubstr("begins or ends with a blank")) << text;
  }
  dir.write("s", "two words");
  EXPECT_EQ(complaint(with_secret(dir, "s")), "");
}

TEST(secrets, an_absolute_file_is_taken_as_it_is) {
  const temp_dir dir, other;
  const auto file = other.write("s", "x");
  EXPECT_EQ(read_secrets(with_secret(dir, file), {})->access_secrets.at(0).reveal(), "x");
}

TEST(secrets, a_name_without_a_slash_is_a_credential_first) {
  const temp_dir dir, credentials;
  dir.write("both", "from the file");
  credentials.write("both", "from systemd", fs::perms{0444});  // its modes are systemd's business
  EXPECT_EQ(read_secrets(with_secret(dir, "both"), credentials.path())->access_secrets.at(0).reveal(), "from systemd");
  EXPECT_EQ(read_secrets(with_secret(dir, "./both"), credentials.path())->access_secrets.at(0).reveal(),
            "from the file");
  EXPECT_EQ(read_secrets(with_secret(dir, "both"), {})->access_secrets.at(0).reveal(), "from the file");
}

TEST(secrets, a_credential_that_others_may_write_is_refused) {
  for (const auto mode : {0660, 0646, 0666}) {
    const temp_dir dir, credentials;
    credentials.write("c", "x", static_cast<fs::perms>(mode));
    EXPECT_THAT(complaint(with_secret(dir, "c"), credentials.path()), HasSubstr("other users can change"));
  }
}

TEST(secrets, a_path_into_the_credentials_directory_is_a_credential) {
  const temp_dir dir, credentials;
  const auto file = credentials.write("c", "x", fs::perms{0440});
  EXPECT_EQ(read_secrets(with_secret(dir, file), credentials.path())->access_secrets.at(0).reveal(), "x");
}

TEST(secrets, a_file_of_the_directory_that_the_unit_loads_is_a_credential) {
  const temp_dir dir, credentials;
  credentials.write("ordersync_main", "of the directory");
  EXPECT_EQ(read_secrets(with_secret(dir, "main"), credentials.path())->access_secrets.at(0).reveal(),
            "of the directory");
  settings s = with_secret(dir, "");
  EXPECT_EQ(read_secrets(s, credentials.path())->access_secrets.at(0).reveal(), "of the directory");
  credentials.write("main", "alone");  // more exact
  EXPECT_EQ(read_secrets(s, credentials.path())->access_secrets.at(0).reveal(), "alone");
}

TEST(secrets, an_account_without_a_file_uses_the_credential_of_its_name) {
  const temp_dir dir, credentials;
  credentials.write("main", "by name");
  dir.write("main", "not this one");
  const settings s = with_secret(dir, "");
  EXPECT_EQ(read_secrets(s, credentials.path())->access_secrets.at(0).reveal(), "by name");
  EXPECT_EQ(complaint(s), s.origins[0].name +
                              ":3:5: accounts[0].access_secret_file: not set, and there is no systemd credential main; "
                              "set the secret's file, or add LoadCredential=main:/path/of/the/file to the unit\n");
}

TEST(secrets, a_file_that_others_may_use_is_refused_with_the_remedy) {
  const temp_dir dir;
  for (const unsigned mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0601U, 0777U}) {
    const auto file = dir.write("s", "canary", fs::perms{mode});
    const settings s = with_secret(dir, "s");
    const auto* const why = (mode & 033U) != 0
                                ? "other users can change or execute it"
                                : "other users can read it, which is allowed of root's files on a read-only mount or "
                                  "below /run/secrets alone";
    EXPECT_EQ(complaint(s), place(s) + fmt::format("\"{0}\" has mode {1:04o}: {2}; run: chmod 600 \"{0}\"\n",
                                                   file.string(), mode, why));
  }
  dir.write("s", "x", fs::perms{0400});
  EXPECT_EQ(complaint(with_secret(dir, "s")), "");
}

// What `work` says in a process with mounts of its own; where that is not allowed, the test is skipped.
std::string with_own_mounts(const std::function<std::string()>& work) {
  int pipe[2] = {};
  if (::pipe(pipe) != 0) throw std::runtime_error("no pipe");
  const auto child = ::fork();
  if (child == 0) {
    std::string said = "cannot mount";
    if (::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0) said = work();
    ::_exit(::write(pipe[1], said.data(), said.size()) < 0 ? 1 : 0);
  }
  ::close(pipe[1]);
  std::string said;
  char bytes[4096];
  for (ssize_t got = 0; (got = ::read(pipe[0], bytes, sizeof bytes)) > 0;)
    said.append(bytes, static_cast<std::size_t>(got));
  ::close(pipe[0]);
  ::waitpid(child, nullptr, 0);
  return said;
}

struct mounted_secrets : ::testing::Test {
  const temp_dir dir;
  const fs::path volume = dir.path() / "volume";
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "mounting needs root";
    fs::create_directory(volume);
  }
  // A file of a file system that is mounted at `at`, for reading alone where `read_only`.
  static std::string with_mounted(const fs::path& at, bool read_only, unsigned mode, unsigned owner,
                                  const std::function<std::string(const fs::path&)>& work) {
    return with_own_mounts([&]() -> std::string {
      if (::mount("tmpfs", at.c_str(), "tmpfs", 0, nullptr) != 0) return "cannot mount";
      fs::create_directories(at / "secrets/..2026");
      const auto file = at / "secrets/..2026/s";
      std::ofstream(file) << "canary";
      if (::chmod(file.c_str(), mode) != 0 || ::chown(file.c_str(), owner, 0) != 0) return "cannot change";
      fs::create_directory_symlink("..2026", at / "secrets/..data");
      fs::create_symlink("..data/s", at / "secrets/s");
      if (read_only && ::mount(nullptr, at.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0)
        return "cannot mount";
      return work(at / "secrets/s");
    });
  }
  std::string complaint_of(const fs::path& at, bool read_only, unsigned mode, unsigned owner = 0) {
    return with_mounted(at, read_only, mode, owner, [&](const fs::path& file) {
      const auto said = complaint(with_secret(dir, file.string()));
      return said.empty() ? "accepted" : said;
    });
  }
};

TEST_F(mounted_secrets, that_are_roots_may_be_readable_on_a_read_only_mount) {
  for (const unsigned mode : {0400U, 0440U, 0444U, 0644U})
    EXPECT_EQ(complaint_of(volume, true, mode), "accepted") << mode;
}

TEST_F(mounted_secrets, may_be_readable_below_run_secrets) {
  EXPECT_EQ(complaint_of("/run", false, 0444), "accepted");
}

TEST_F(mounted_secrets, are_refused_where_the_mount_is_writable_or_they_are_anothers_or_others_may_write) {
  EXPECT_THAT(complaint_of(volume, false, 0444), HasSubstr("is allowed of root's files on a read-only mount"));
  EXPECT_THAT(complaint_of(volume, true, 0444, 65534), HasSubstr("does not belong to root: other users can read it"));
  EXPECT_THAT(complaint_of("/run", false, 0444, 65534), HasSubstr("does not belong to root"));
  EXPECT_THAT(complaint_of(volume, true, 0666), HasSubstr("can change or execute it"));
}

TEST(secrets, a_secret_that_cannot_be_one_is_refused) {
  const temp_dir dir;
  dir.write("empty", "");
  dir.write("newline", "\n\r\n");
  dir.write("lines", "canary\ncanary\n");
  dir.write("nul", std::string_view("a\0b", 3));
  dir.write("huge", std::string(4097, 'a'));
  dir.write("largest", std::string(4096, 'a'));
  const auto why = [&](const char* name) {
    const settings s = with_secret(dir, name);
    const std::string text = complaint(s);
    return text.empty() ? text : text.substr(place(s).size());
  };
  EXPECT_EQ(why("empty"), "the file is empty\n");
  EXPECT_EQ(why("newline"), "the file is empty\n");
  EXPECT_EQ(why("lines"),
            "the file has more than one line or contains control characters; check that it is the right file\n");
  EXPECT_EQ(why("nul"),
            "the file has more than one line or contains control characters; check that it is the right file\n");
  EXPECT_EQ(why("huge"), "is larger than 4096 bytes; check that it is the right file\n");
  EXPECT_EQ(why("largest"), "");
  EXPECT_EQ(why("."), "cannot be read: it is a directory\n");
}

TEST(secrets, a_reference_that_leads_nowhere_is_not_repeated_because_it_may_be_the_secret) {
  const temp_dir dir, credentials;
  const settings plain = with_secret(dir, "canary");
  EXPECT_EQ(complaint(plain),
            place(plain) + "no such file in the configuration's directory, and no systemd credentials are set\n");
  EXPECT_EQ(complaint(plain, credentials.path()),
            place(plain) + "no systemd credential has this name, and no file in the configuration's directory\n");
  const settings path = with_secret(dir, "can/ary");
  EXPECT_EQ(complaint(path), place(path) + "no such file\n");
  const settings longer = with_secret(dir, std::string(5000, 'c'));
  EXPECT_EQ(complaint(longer),
            place(longer) + "no such file in the configuration's directory, and no systemd credentials are set\n");
}

TEST(secrets, all_problems_are_reported_at_once_and_the_password_is_read_alike) {
  const temp_dir dir;
  settings s = with_secret(dir, "missing");
  s.database.password = {"pw", {9, 3}};
  dir.write("pw", "x", fs::perms{0644});
  const auto read = read_secrets(s, {});
  ASSERT_FALSE(read);
  ASSERT_EQ(read.error().size(), 2U);
  EXPECT_EQ(read.error()[1].at, (location{9, 3}));
  EXPECT_EQ(read.error()[1].text.substr(0, 24), "database.password_file: ");
  dir.write("missing", "y");
  dir.write("pw", "x");
  const auto again = read_secrets(s, {});
  ASSERT_TRUE(again);
  EXPECT_EQ(again->database_password->reveal(), "x");
}

TEST(secrets, what_changed_is_named_by_the_key_of_its_file) {
  settings before;
  for (const auto* name : {"main", "gone"}) before.accounts.emplace_back().name = name;
  settings after;
  for (const auto* name : {"new", "main"}) after.accounts.emplace_back().name = name;
  const auto held = [] {
    secrets all;
    all.access_secrets.push_back(secret_of("a"));
    all.access_secrets.push_back(secret_of("b"));
    all.database_password = secret_of("c");
    all.admin_token = secret_of("d");
    all.alerts.push_back({secret_of("e"), secret_of("f")});
    return all;
  };
  EXPECT_TRUE(changed_secrets(before, held(), before, held()).empty());
  auto fresh = held();
  fresh.database_password = secret_of("x");
  fresh.alerts[0].signing = secret_of("x");
  EXPECT_EQ(changed_secrets(before, held(), before, fresh),
            (std::vector<std::string>{"database.password_file", "alerts[0].secret_file"}));
  EXPECT_EQ(changed_secrets(before, held(), after, held()),
            (std::vector<std::string>{"accounts[main].access_secret_file"}))
      << "an account that came or went is no change of a secret";
  fresh = held();
  fresh.proxy_password = secret_of("x");
  EXPECT_TRUE(changed_secrets(before, held(), before, fresh).empty()) << "api.proxy_password_file itself is new";
}

TEST(secrets, the_admin_token_is_read_alike_and_has_to_be_long) {
  const temp_dir dir;
  settings s = with_secret(dir, "s");
  dir.write("s", "x");
  EXPECT_FALSE(read_secrets(s, {})->admin_token);
  s.service.admin_token = {"token", {12, 5}};
  dir.write("token", "0123456789abcde\n");
  EXPECT_EQ(complaint(s), s.origins[0].name +
                              ":12:5: service.admin_token_file: the token is shorter than 16 characters; create one "
                              "with `openssl rand -hex 32`\n");
  dir.write("token", "0123456789abcdef\n");
  EXPECT_EQ(read_secrets(s, {})->admin_token->reveal(), "0123456789abcdef");
}

}  // namespace
}  // namespace ordersync::config
