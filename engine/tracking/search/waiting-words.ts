import type { Migration } from '../../store/index.ts';

/** How the words of the latest runs wait for the index of words (words.ts). */
export const waitingWords: Migration = {
  number: 37,
  name: 'tracking: the words of runs go into their index many runs at a time',
  sql: `
    -- One text by itself costs the index of words as many pages as a hundred do. Those of the latest runs wait, and are looked through one
    -- by one by a search; 'last' is the last run whose words are in the index. Moving it on puts the words of those it passes there.
    CREATE TABLE run_words (last INTEGER NOT NULL) STRICT;
    INSERT INTO run_words SELECT coalesce(max(id), 0) FROM run;
    CREATE TRIGGER run_words_moved AFTER UPDATE OF last ON run_words WHEN new.last > old.last BEGIN
      INSERT INTO run_text (rowid, text) SELECT id << 34, run_id || ' ' || name || ' ' || note || ' ' || command
        FROM run WHERE id > old.last AND id <= new.last;
      INSERT INTO run_text (rowid, text) SELECT ((run << 34) | (name << 2) | 1), substr(value, 1, 4000)
        FROM param WHERE run > old.last AND run <= new.last;
      INSERT INTO run_text (rowid, text) SELECT ((t.run << 34) | (t.name << 2) | 2), substr(t.value, 1, 4000)
        FROM tag t JOIN name n ON n.id = t.name WHERE t.run > old.last AND t.run <= new.last AND n.text != 'mlflow.log-model.history';
    END;
    -- Few enough that looking through them is not noticed. The new run itself goes on waiting: its params and tags come next.
    CREATE TRIGGER run_words_of_many AFTER INSERT ON run
      WHEN new.id > (SELECT last + 32 FROM run_words) OR (SELECT count(*) FROM param WHERE run > (SELECT last FROM run_words)) > 100 BEGIN
      UPDATE run_words SET last = max(last, new.id - 1);
    END;
    CREATE TRIGGER run_words_of_one BEFORE INSERT ON param
      WHEN new.run > (SELECT last FROM run_words) AND (SELECT count(*) FROM param WHERE run = new.run) >= 100 BEGIN
      UPDATE run_words SET last = new.run;
    END;

    DROP TRIGGER run_text_insert;
    CREATE TRIGGER run_text_insert AFTER INSERT ON run WHEN new.id <= (SELECT last FROM run_words) BEGIN
      INSERT INTO run_text (rowid, text) VALUES (new.id << 34, new.run_id || ' ' || new.name || ' ' || new.note || ' ' || new.command);
    END;
    DROP TRIGGER run_text_update;
    CREATE TRIGGER run_text_update AFTER UPDATE OF name, note, command ON run
      WHEN (old.name != new.name OR old.note != new.note OR old.command != new.command) AND new.id <= (SELECT last FROM run_words) BEGIN
      UPDATE run_text SET text = new.run_id || ' ' || new.name || ' ' || new.note || ' ' || new.command WHERE rowid = new.id << 34;
    END;
    DROP TRIGGER run_text_delete;
    CREATE TRIGGER run_text_delete AFTER DELETE ON run WHEN old.id <= (SELECT last FROM run_words) BEGIN
      DELETE FROM run_text WHERE rowid = old.id << 34;
    END;
    DROP TRIGGER param_text_insert;
    CREATE TRIGGER param_text_insert AFTER INSERT ON param WHEN new.run <= (SELECT last FROM run_words) BEGIN
      INSERT INTO run_text (rowid, text) VALUES (((new.run << 34) | (new.name << 2) | 1), substr(new.value, 1, 4000));
    END;
    DROP TRIGGER param_text_delete;
    CREATE TRIGGER param_text_delete AFTER DELETE ON param WHEN old.run <= (SELECT last FROM run_words) BEGIN
      DELETE FROM run_text WHERE rowid = ((old.run << 34) | (old.name << 2) | 1);
    END;
    DROP TRIGGER tag_text_insert;
    CREATE TRIGGER tag_text_insert AFTER INSERT ON tag
      WHEN new.run <= (SELECT last FROM run_words) AND (SELECT text FROM name WHERE id = new.name) != 'mlflow.log-model.history' BEGIN
      INSERT INTO run_text (rowid, text) VALUES (((new.run << 34) | (new.name << 2) | 2), substr(new.value, 1, 4000));
    END;
    DROP TRIGGER tag_text_update;
    CREATE TRIGGER tag_text_update AFTER UPDATE OF value ON tag
      WHEN old.value != new.value AND new.run <= (SELECT last FROM run_words)
        AND (SELECT text FROM name WHERE id = new.name) != 'mlflow.log-model.history' BEGIN
      UPDATE run_text SET text = substr(new.value, 1, 4000) WHERE rowid = ((new.run << 34) | (new.name << 2) | 2);
    END;
    DROP TRIGGER tag_text_delete;
    CREATE TRIGGER tag_text_delete AFTER DELETE ON tag
      WHEN old.run <= (SELECT last FROM run_words) AND (SELECT text FROM name WHERE id = old.name) != 'mlflow.log-model.history' BEGIN
      DELETE FROM run_text WHERE rowid = ((old.run << 34) | (old.name << 2) | 2);
    END;
  `,
};

/** Tags that no search looks through, being the same in every run or no text at all (words.ts). */
export const unsaidTags: Migration = {
  number: 42,
  name: 'tracking: the variables that Benchtop sets are no words of a run',
  sql: `
    -- The same names in every run: who looked for one of them found all runs.
    DELETE FROM run_text WHERE rowid IN (SELECT (run << 34) | (name << 2) | 2 FROM tag
      WHERE name = (SELECT id FROM name WHERE text = 'benchtop.environmentSet') AND run <= (SELECT last FROM run_words));
    DROP TRIGGER run_words_moved;
    CREATE TRIGGER run_words_moved AFTER UPDATE OF last ON run_words WHEN new.last > old.last BEGIN
      INSERT INTO run_text (rowid, text) SELECT id << 34, run_id || ' ' || name || ' ' || note || ' ' || command
        FROM run WHERE id > old.last AND id <= new.last;
      INSERT INTO run_text (rowid, text) SELECT ((run << 34) | (name << 2) | 1), substr(value, 1, 4000)
        FROM param WHERE run > old.last AND run <= new.last;
      INSERT INTO run_text (rowid, text) SELECT ((t.run << 34) | (t.name << 2) | 2), substr(t.value, 1, 4000)
        FROM tag t JOIN name n ON n.id = t.name WHERE t.run > old.last AND t.run <= new.last
          AND n.text NOT IN ('mlflow.log-model.history', 'benchtop.environmentSet');
    END;
    DROP TRIGGER tag_text_insert;
    CREATE TRIGGER tag_text_insert AFTER INSERT ON tag
      WHEN new.run <= (SELECT last FROM run_words)
        AND (SELECT text FROM name WHERE id = new.name) NOT IN ('mlflow.log-model.history', 'benchtop.environmentSet') BEGIN
      INSERT INTO run_text (rowid, text) VALUES (((new.run << 34) | (new.name << 2) | 2), substr(new.value, 1, 4000));
    END;
    DROP TRIGGER tag_text_update;
    CREATE TRIGGER tag_text_update AFTER UPDATE OF value ON tag
      WHEN old.value != new.value AND new.run <= (SELECT last FROM run_words)
        AND (SELECT text FROM name WHERE id = new.name) NOT IN ('mlflow.log-model.history', 'benchtop.environmentSet') BEGIN
      UPDATE run_text SET text = substr(new.value, 1, 4000) WHERE rowid = ((new.run << 34) | (new.name << 2) | 2);
    END;
    DROP TRIGGER tag_text_delete;
    CREATE TRIGGER tag_text_delete AFTER DELETE ON tag
      WHEN old.run <= (SELECT last FROM run_words)
        AND (SELECT text FROM name WHERE id = old.name) NOT IN ('mlflow.log-model.history', 'benchtop.environmentSet') BEGIN
      DELETE FROM run_text WHERE rowid = ((old.run << 34) | (old.name << 2) | 2);
    END;
  `,
};
