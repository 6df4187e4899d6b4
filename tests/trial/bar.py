"""Every row of the bar: what is promised, the figure to reach, the tests that inject the fault, and what no test shows yet."""

from __future__ import annotations

from dataclasses import dataclass

from tests.trial import asvs

BOTH = "SQLite and PostgreSQL"


@dataclass(frozen=True)
class Row:
    """A row of the bar. `tests` are pytest ids; `lacks` says what of the promise no test shows yet."""

    name: str
    promise: str
    bar: str
    tests: tuple[str, ...] = ()
    lacks: str = ""
    databases: str = BOTH


_KILLED = "tests/process/test_killed_and_stopped.py::test_"
_CLAIMS = "tests/integration/mail/test_mail_claims.py::test_"
_TIME = "tests/integration/mail/test_mail_and_time.py::test_"
_OPERATION = "tests/integration/scheduler/test_operation.py"
_BACKUPS = "tests/integration/scheduler/test_backups.py"
_PROTECTION = "tests/integration/protection/test_data_protection.py::test_"
_ROUTES = "tests/architecture/test_routes.py::test_"
_MACHINES = "tests/process/test_many_machines.py::test_"
_TEMPLATES = "tests/architecture/test_templates.py::test_"
_LINKS = "tests/integration/families/test_every_link.py::test_"
_ACCOUNTS = "tests/integration/accounts/"

BAR: tuple[Row, ...] = (
    Row(
        "M1",
        "kill -9 loses nothing and repeats only in the gap, marked, with the same Message-ID",
        "10,000 kills, 20,000 deliveries: 0 lost, 0 unmarked copies, in doubt at most 10 a kill",
        (
            _KILLED + "killed_at_random_moments_nothing_is_lost",
            _KILLED + "killed_between_the_servers_word_and_our_note_nothing_is_lost",
            "tests/process/test_killed_at_every_call.py",
            "tests/process/test_recorded_then_killed.py",
        ),
    ),
    Row(
        "M1+",
        "two workers and two web processes killed at random while prompts and reminders go out",
        "thousands of kills, 10,000 prompts, 5,000 reminders: 0 lost, 0 unmarked copies, queue empty at the end",
        (_MACHINES + "killed_at_random_while_prompts_and_reminders_go_out_all_arrive_and_copies_are_marked",),
        databases="PostgreSQL",
    ),
    Row(
        "M2",
        "a deploy is invisible",
        "1,000 restarts: 0 lost, 0 copies, every exit within 10 s",
        (
            "tests/process/test_restarts.py",
            _KILLED + "asked_to_stop_while_a_mail_server_keeps_silent_it_ends_in_time_and_marks_the_message",
            _KILLED + "asked_to_stop_a_page_in_hand_is_still_answered",
        ),
    ),
    Row(
        "M3",
        "a worker that slept does not send again",
        "200 rounds: 0 copies outside the gap",
        (
            _CLAIMS + "a_sender_that_lives_but_holds_a_message_for_more_than_a_lease_loses_it",
            _CLAIMS + "a_living_sender_is_not_robbed_even_by_a_clock_that_jumps",
            _MACHINES + "a_worker_stopped_past_the_lease_sends_nothing_again_and_its_jobs_go_on_elsewhere",
            "tests/process/test_slept_past_the_lease.py",
        ),
    ),
    Row(
        "M4",
        "a bad mail server delays, never loses, never floods",
        "1,000 a mode, 10,000 mixed: 0 lost",
        (
            "tests/integration/mail/test_mail_misbehaving_server.py",
            "tests/integration/mail/test_mail_odd_servers.py",
            "tests/integration/mail/test_mail_mixed_servers.py",
            "tests/integration/mail/test_notify.py",
        ),
    ),
    Row(
        "M5",
        "recording a delivery is all or nothing",
        "every system call: all or none, and the page told the truth",
        ("tests/process/test_recording_is_all_or_nothing.py",),
    ),
    Row(
        "M6",
        "after an outage each due item is sent once or declared missed",
        "200 outages of 500 items: 0 lost, 0 twice, 0 late",
        (_TIME + "after_an_outage_each_message_goes_once_or_is_declared_missed", "tests/process/test_monday_message.py"),
    ),
    Row(
        "M7",
        "clock jumps do no harm",
        "200 jumps under load: 0 lost, 0 copies",
        ("tests/process/test_clock_jumps.py", _TIME + "a_clock_that_jumps_while_messages_go_out_loses_none_and_doubles_none"),
    ),
    Row(
        "M8",
        "dates are right",
        "3,200 cases and 10 real calendars: 0 wrong; both clock changes 2026 to 2030",
        (
            "tests/unit/followups/test_follow_up_oracle.py",
            "tests/unit/followups/test_follow_up_real_calendars.py",
            "tests/unit/followups/test_follow_up_diaries.py",
            _TIME + "through_the_night_on_which_clocks_change_each_row_goes_once_and_on_the_wall_time_asked_for",
        ),
    ),
    Row(
        "M9",
        "the right people",
        "100,000 steps: 0 wrong recipients, 0 messages with two",
        ("tests/integration/families/test_right_people.py",),
    ),
    Row(
        "M10",
        "a bulk send shows how many and to whom before, and can be undone for 10 minutes",
        "100 cancels: nothing leaves 5 s after",
        (
            "tests/browser/test_parent_journey.py",
            "tests/integration/mail/test_mail_claims.py::test_what_is_cancelled_while_a_drain_runs_does_not_leave",
            "tests/integration/families/test_taken_back_while_it_goes.py",
        ),
    ),
    Row(
        "M11",
        "one click, one effect",
        "20 at once and a reload, every form, also over a proxy that retries",
        (
            "tests/architecture/test_one_click.py",
            "tests/integration/families/test_one_effect.py",
            "tests/integration/delivery/test_several_devices.py::test_twelve_devices_that_record_at_once_make_one_record",
        ),
    ),
    Row(
        "M12",
        "nobody's edit vanishes",
        "50 editors for 10 minutes: every accepted save is in the history",
        (
            "tests/architecture/test_nobodys_edit_vanishes.py",
            "tests/integration/families/test_sentences.py::test_two_people_saving_the_choices_at_once_see_each_other",
            "tests/integration/core/test_fifty_editors.py",
        ),
    ),
    Row(
        "M13",
        "on time under load",
        "10,000 within 15 min by one worker, no school waits 2 min behind another, fresh ones p95 60 s late; pages p95 500 ms",
        ("tests/process/test_on_time_under_load.py",),
    ),
    Row(
        "M14",
        "a stuck queue is seen",
        "banner within 60 s; 1,000 of 1,000 deleted follow-ups mended",
        (
            "tests/integration/scheduler/test_scheduler_pages.py",
            "tests/integration/followups/test_follow_up_mending.py",
            "tests/integration/delivery/test_follow_ups_over_time.py",
        ),
    ),
    Row(
        "S1",
        "a full disk refuses, never corrupts, never claims to have saved",
        "every point: integrity ok, 0 acknowledged writes missing",
        (
            f"{_OPERATION}::test_a_full_disk_refuses_with_a_plain_page_and_keeps_every_record_it_acknowledged",
            "tests/process/test_disk_errors.py",
            "tests/process/test_disk_goes_read_only.py",
        ),
        databases="SQLite",
    ),
    Row(
        "S2",
        "acknowledged means on disk",
        "trace of every write route; 50 kills of PostgreSQL: 0 acknowledged rows lost",
        (
            "tests/process/test_on_disk.py",
            "tests/integration/core/test_units_of_work.py::test_sqlite_is_opened_so_that_acknowledged_means_on_disk",
        ),
    ),
    Row(
        "S3",
        "damage is noticed",
        "200 damaged copies: each refused in words",
        (
            _BACKUPS,
            _OPERATION,
            _KILLED + "with_a_log_that_was_cut_after_a_kill_it_refuses_to_start",
            "tests/process/test_postgresql_damage.py",
        ),
    ),
    Row(
        "S4",
        "backups restore",
        "100 of 100 under load restore and hold every acknowledged row",
        (
            f"{_BACKUPS}::test_a_backup_taken_under_load_comes_back_with_every_row_acknowledged_before_it",
            "tests/process/test_postgresql_backups.py",
        ),
    ),
    Row(
        "S5",
        "migrations are safe",
        "up, down, up on filled data; 50 kills resumable; 1,000,000 rows within 60 s",
        (
            "tests/architecture/test_schema.py::test_migrations_go_up_down_and_up_again_on_a_filled_database",
            "tests/process/test_killed_and_stopped.py::test_with_a_newer_schema_it_refuses_to_start",
            "tests/process/test_migrations_killed.py",
        ),
        "one revision so far: a million rows go with it, but no upgrade moves rows yet",
    ),
    Row("S6", "the two engines agree", "digests equal after a move, both ways", ("tests/integration/scheduler/test_moving.py",)),
    Row(
        "X1",
        "nobody reaches what is not theirs",
        "all cells: 0 leaks, 0 5xx; then 100,000 requests over 20 schools",
        (
            _ROUTES + "a_role_reaches_what_it_may_and_nothing_else",
            _ROUTES + "nobody_gets_in_without_a_session_that_stands",
            _ROUTES + "every_guarded_route_lets_somebody_in",
            _ROUTES + "every_route_says_who_may_enter",
            "tests/architecture/test_twenty_schools.py",
        ),
        databases="SQLite",
    ),
    Row(
        "X2",
        "foreign ids inside right requests are refused",
        "all id fields, 4 foreign values each; digest unchanged",
        (
            "tests/architecture/test_foreign_ids.py",
            "tests/integration/core/test_cross_school_references.py",
            "tests/integration/core/test_tenancy_writes.py",
        ),
    ),
    Row(
        "X3",
        "no trace elsewhere",
        "0 canaries of another school",
        (
            "tests/integration/core/test_no_trace_elsewhere.py",
            "tests/integration/core/test_tenancy_reads.py",
            "tests/integration/core/test_row_security.py",
        ),
    ),
    Row(
        "X4",
        "a change of rights holds at once",
        "next request refused, 0 mails after",
        (_ACCOUNTS + "test_sessions.py", _ACCOUNTS + "test_staff.py", _ACCOUNTS + "test_rights_change_under_load.py"),
    ),
    Row(
        "X5",
        "118 requirements of ASVS 5.0 with evidence",
        "118 of 118",
        (
            "tests/architecture/test_bar.py::test_each_of_the_118_requirements_of_asvs_names_tests_that_are_there_or_says_that_there_is_none",
            *(name for name in asvs.tests() if "a_crawler_that_attacks" not in name),  # it has X10 for itself
        ),
    ),
    Row(
        "X6",
        "no forged request",
        "every state-changing route, 5 variants: 0 accepted; reading changes nothing",
        ("tests/architecture/test_forged_requests.py",),
        databases="SQLite",
    ),
    Row(
        "X7",
        "guessing fails, colleagues are not locked out",
        "100,000 guesses over 1,000 accounts: at most 1 % evaluated",
        (
            "tests/unit/accounts/test_throttle.py",
            _ACCOUNTS + "test_signing_in.py",
            _ACCOUNTS + "test_second_step.py",
            _ACCOUNTS + "test_spraying.py",
        ),
    ),
    Row(
        "X8",
        "signed links",
        "1,000,000 changed tokens: 0 accepted; 10 fetches by scanners, then the button works",
        (
            _LINKS + "no_changed_link_is_ever_accepted",
            _LINKS + "scanners_may_fetch_every_link_of_every_mail_and_then_the_button_works",
            _LINKS + "links_that_are_no_good_all_answer_with_one_page_and_change_nothing",
        ),
    ),
    Row(
        "X9",
        "hostile lesson files do nothing",
        "100,000 files: 0 crashes, 256 MB, 5 s",
        (
            "tests/integration/core/test_hostile_input.py",
            "tests/integration/school/test_import_tables.py",
            "tests/unit/school/test_school_import_files.py",
            "tests/unit/curriculum/test_hostile_files.py",
            "tests/integration/library/test_own_modules.py",
            "tests/process/test_fuzzed.py",
        ),
    ),
    Row(
        "X10",
        "scanners agree",
        "0 high or medium",
        ("tests/process/test_scanners.py", "tests/process/test_described_to_a_fuzzer.py"),
        "advisories from a list kept by hand, as no service of them can be asked",
        "SQLite",
    ),
    Row(
        "X11",
        "nothing typed is executed",
        "0 in every field, page, CSV and mail",
        (
            "tests/integration/core/test_nothing_typed_is_executed.py",
            _TEMPLATES + "no_page_switches_escaping_off",
            _TEMPLATES + "no_page_carries_style_or_script_inside",
        ),
    ),
    Row("X12", "logs tell who did what and nothing else", "0 canaries in logs", (_ACCOUNTS + "test_secrets_in_logs.py",)),
    Row(
        "X13",
        "passwords",
        "Argon2id at 19 MiB, t 2 in every stored hash",
        ("tests/unit/accounts/test_passwords.py",),
        "",
        "none needed",
    ),
    Row(
        "D1",
        "no pupil names by default",
        "0 columns; 50 sample files refused",
        (
            "tests/architecture/test_schema.py::test_no_column_could_hold_a_pupils_name_or_what_a_child_told",
            "tests/architecture/test_schema.py::test_every_column_that_can_hold_words_is_argued_for",
            "tests/unit/school/test_no_pupil_names.py",
        ),
    ),
    Row(
        "D2",
        "things go when their time is up",
        "10,000 rows: 0 early, 0 late by more than a day; legal hold; clock changes",
        (
            "tests/unit/protection/test_retention_rules.py",
            _PROTECTION + "every_message_goes_on_its_day_and_none_a_day_early_or_late",
            _PROTECTION + "what_was_taught_goes_with_all_that_hangs_on_it_and_the_schools_own_things_stay",
            _PROTECTION + "under_a_hold_nothing_goes_and_after_it_all_does",
            _PROTECTION + "who_left_everywhere_is_forgotten_after_their_months_and_not_a_day_sooner",
            _PROTECTION + "an_audit_cut_by_its_age_still_shows_when_the_rest_is_tampered_with",
        ),
    ),
    Row(
        "D3",
        "a parent's or teacher's data can be given and erased",
        "export complete; 0 remnants in tables, outbox, audit, file",
        (
            _PROTECTION + "a_member_of_staff_is_given_all_and_leaves_no_trace_but_their_acts",
            _PROTECTION + "a_parent_is_given_all_and_leaves_no_trace_but_a_keyed_hash",
            _PROTECTION + "words_that_should_not_have_been_written_go_everywhere_and_the_audit_still_fits",
            _PROTECTION + "somebody_who_still_works_here_or_at_a_school_under_hold_is_not_erased",
        ),
    ),
    Row("D4", "mails are lawful and plain", "0 findings in every template and language", ("tests/emails",), "", "none needed"),
    Row(
        "D5",
        "no third parties",
        "0 foreign hosts in any page",
        (_TEMPLATES + "no_page_fetches_anything_from_elsewhere",),
        "",
        "none needed",
    ),
)
