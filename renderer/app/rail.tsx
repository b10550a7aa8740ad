import { Menu } from '@mantine/core';
import {
  IconActivity,
  IconBox,
  IconDatabase,
  IconFolder,
  IconFolderOpen,
  IconListDetails,
  IconSelector,
  IconSitemap,
  IconHome2,
  IconFlask,
} from '@tabler/icons-react';
import { Link, useLocation } from 'wouter';
import { useNow } from '../ui/use-now.ts';
import { RailFoot } from './rail-foot.tsx';
import styles from './rail.module.css';
import { useCurrentProjectId } from './use-current-project.ts';
import { useOpenProject, useProjects } from './use-projects.ts';
import { useRail } from './use-rail.ts';
import { useOpenIncidents } from './use-open-incidents.ts';
import { useWaitingRequests } from './use-waiting-requests.ts';
import { showDialog } from './window-state.ts';

const places = [
  { name: 'Home', path: '', Icon: IconHome2 },
  { name: 'Runs', path: '/runs', Icon: IconListDetails },
  { name: 'Pipelines', path: '/pipelines', Icon: IconSitemap },
  { name: 'Data', path: '/data', Icon: IconDatabase },
  { name: 'Models', path: '/models', Icon: IconBox },
  { name: 'Monitoring', path: '/monitoring', Icon: IconActivity },
] as const;

/** The left rail: which project, and its rooms. */
export function Rail() {
  const [path] = useLocation();
  const projectId = useCurrentProjectId();
  const { isFolded } = useRail();
  const root = `/projects/${projectId ?? ''}`;
  return (
    <nav className={styles.rail} data-folded={isFolded || undefined} aria-label="Rooms" data-region="rail">
      <ProjectSwitcher isFolded={isFolded} />
      {projectId === null ? null : (
        <ul className={styles.places}>
          {places.map(({ name, path: place, Icon }) => {
            const isHere = place === '' ? path === root : path.startsWith(root + place);
            return (
              <li key={name}>
                <Link
                  href={root + place}
                  className={styles.place}
                  aria-current={isHere ? 'page' : undefined}
                  title={isFolded ? name : undefined}
                >
                  <Icon size={16} stroke={1.5} aria-hidden />
                  <span className={isFolded ? 'sr-only' : undefined}>{name}</span>
                  {place === '/models' ? <WaitingCount isFolded={isFolded} /> : null}
                  {place === '/monitoring' ? (
                    <IncidentCount projectId={projectId} isFolded={isFolded} />
                  ) : null}
                </Link>
              </li>
            );
          })}
        </ul>
      )}
      <RailFoot isFolded={isFolded} />
    </nav>
  );
}

/** How many versions wait for a decision; where none does, nothing. */
function WaitingCount({ isFolded }: { isFolded: boolean }) {
  const { data: waiting = [] } = useWaitingRequests();
  if (waiting.length === 0) return null;
  return (
    <span className={isFolded ? 'sr-only' : styles.waiting}>
      {waiting.length} <span className="sr-only">waiting for a decision</span>
    </span>
  );
}

/** How many incidents of the project are open and not put off; where none is, nothing. */
function IncidentCount({ projectId, isFolded }: { projectId: string; isFolded: boolean }) {
  const { data: open = [] } = useOpenIncidents(projectId);
  const now = useNow('minute');
  const told = open.filter(({ snoozedUntil }) => snoozedUntil === null || snoozedUntil <= now);
  if (told.length === 0) return null;
  return (
    <span className={isFolded ? 'sr-only' : styles.waiting}>
      {told.length} <span className="sr-only">open {told.length === 1 ? 'incident' : 'incidents'}</span>
    </span>
  );
}

function ProjectSwitcher({ isFolded }: { isFolded: boolean }) {
  const { data: projects = [] } = useProjects();
  const projectId = useCurrentProjectId();
  const [path, navigate] = useLocation();
  const { mutate: open } = useOpenProject();
  const current = projects.find((project) => project.id === projectId);
  const name = path === '/runs' || path === '/compare' ? 'All projects' : (current?.name ?? 'No project');
  return (
    <Menu position="bottom-start" offset={4} width={264}>
      <Menu.Target>
        <button
          type="button"
          className={styles.switcher}
          aria-label={`Project: ${name}`}
          title={isFolded ? name : current?.path}
        >
          <IconFolder size={16} stroke={1.5} aria-hidden />
          {isFolded ? null : (
            <>
              <span className={styles.projectName}>{name}</span>
              <IconSelector size={14} stroke={1.5} aria-hidden />
            </>
          )}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {projects.slice(0, 12).map((project) => (
          <Menu.Item
            key={project.id}
            onClick={() => navigate(`/projects/${project.id}`)}
            rightSection={<span className={styles.count}>{project.runCount}</span>}
          >
            <span className={styles.menuName}>{project.name}</span>
            <span className={styles.menuPath}>
              {project.isPresent ? project.path : `not there now: ${project.path}`}
            </span>
          </Menu.Item>
        ))}
        {projects.length === 0 ? null : <Menu.Divider />}
        {projects.length === 0 ? null : (
          <Menu.Item
            leftSection={<IconListDetails size={14} stroke={1.5} />}
            onClick={() => navigate('/runs')}
          >
            Runs of all projects
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconFolderOpen size={14} stroke={1.5} />}
          onClick={() => showDialog('open-folder')}
        >
          Open a folder
        </Menu.Item>
        {projects.some((project) => project.isSample) ? null : (
          <Menu.Item
            leftSection={<IconFlask size={14} stroke={1.5} />}
            onClick={() => open({ sample: true })}
          >
            Open the sample project
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
