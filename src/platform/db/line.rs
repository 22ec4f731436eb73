//! The bounded line in which jobs wait for the threads of a lane.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

use super::lane::Job;

/// Waiting places; beyond them a caller is told to come again.
const PLACES: usize = 1024;

/// Whoever was busy last is called first: as many connections are used as there is work for, and those are warm, rather than
/// all of them in turn.
#[derive(Default)]
pub(super) struct Line(Mutex<State>);

#[derive(Default)]
struct State {
    jobs: VecDeque<Job>,
    /// Who waits for a job, the first to be called at the end.
    idle: Vec<Thread>,
    is_closed: bool,
}

/// The way in, for all who bring jobs: the line closes with the last of them.
#[derive(Clone)]
pub(super) struct Entrance(Arc<Closing>);

struct Closing(Arc<Line>);

impl Line {
    pub fn open() -> (Entrance, Arc<Self>) {
        let line = Arc::<Self>::default();
        (Entrance(Arc::new(Closing(Arc::clone(&line)))), line)
    }

    /// Gives the job back where all places are taken.
    pub fn add(&self, job: Job) -> Result<(), Job> {
        let mut state = self.state();
        if state.jobs.len() >= PLACES {
            return Err(job);
        }
        state.jobs.push_back(job);
        if let Some(thread) = state.idle.pop() {
            thread.unpark();
        }
        Ok(())
    }

    /// Waits for a job, called before others if `is_ready`; `None` once the line is closed and empty.
    pub fn wait(&self, is_ready: bool) -> Option<Job> {
        let me = thread::current();
        loop {
            let mut state = self.state();
            // A thread may wake without having been called.
            state.idle.retain(|waiting| waiting.id() != me.id());
            if let Some(job) = state.jobs.pop_front() {
                return Some(job);
            }
            if state.is_closed {
                return None;
            }
            let place = if is_ready { state.idle.len() } else { 0 };
            state.idle.insert(place, me.clone());
            drop(state);
            thread::park();
        }
    }

    /// A job that is there already.
    pub fn next(&self) -> Option<Job> {
        self.state().jobs.pop_front()
    }

    /// No job runs under the lock, so what a poisoned one guards is sound.
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entrance {
    pub fn add(&self, job: Job) -> Result<(), Job> {
        self.0.0.add(job)
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.is_closed = true;
        state.idle.drain(..).for_each(|thread| thread.unpark());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};
    use std::time::Duration;

    use super::*;
    use crate::platform::db::Fault;

    fn nothing() -> Job {
        Box::new(|_| Box::new(|_| {}))
    }

    /// A thread that tells of each job it takes, and ends with the line.
    fn worker(line: &Arc<Line>, number: usize, told: &Sender<usize>) -> thread::JoinHandle<()> {
        let (line, told) = (Arc::clone(line), told.clone());
        thread::spawn(move || {
            while let Some(job) = line.wait(true) {
                drop(job(Err(Fault::Unavailable("none".into()))));
                assert!(told.send(number).is_ok());
            }
        })
    }

    fn idle(line: &Line, count: usize) {
        while line.state().idle.len() < count {
            thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn one_job_after_the_other_is_done_by_one_thread_and_all_end_with_the_line() {
        let (entrance, line) = Line::open();
        let (told, heard) = channel();
        let workers: Vec<_> = (0..4).map(|number| worker(&line, number, &told)).collect();
        let mut took = Vec::new();
        for _ in 0..20 {
            idle(&line, 4);
            assert!(entrance.add(nothing()).is_ok());
            took.push(heard.recv_timeout(Duration::from_secs(10)));
        }
        assert!(took.iter().all(|number| number.is_ok() && *number == took[0]), "{took:?}");
        drop(entrance);
        workers.into_iter().for_each(|worker| assert!(worker.join().is_ok()));
    }

    #[test]
    fn who_is_not_ready_is_called_last() {
        let (entrance, line) = Line::open();
        let (told, heard) = channel();
        let ready = worker(&line, 1, &told);
        idle(&line, 1);
        let unready = {
            let line = Arc::clone(&line);
            thread::spawn(move || assert!(line.wait(false).is_none()))
        };
        idle(&line, 2);
        assert!(entrance.add(nothing()).is_ok());
        assert_eq!(heard.recv_timeout(Duration::from_secs(10)), Ok(1));
        drop(entrance);
        assert!(ready.join().is_ok() && unready.join().is_ok());
    }

    #[test]
    fn a_full_line_gives_the_job_back() {
        let (entrance, line) = Line::open();
        assert!((0..PLACES).all(|_| entrance.add(nothing()).is_ok()));
        assert!(entrance.add(nothing()).is_err());
        assert!(line.next().is_some() && entrance.add(nothing()).is_ok());
    }
}
