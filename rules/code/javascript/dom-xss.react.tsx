import DOMPurify from 'dompurify';
import { useSearchParams } from 'react-router-dom';

export function Banner() {
  const [params] = useSearchParams();
  const text = params.get('text');
  // ruleid: react-dangerous-html
  return <div dangerouslySetInnerHTML={{ __html: text }} />;
}

export function Notice() {
  const html = window.location.hash;
  // ruleid: react-dangerous-html
  return <p dangerouslySetInnerHTML={{ __html: `<b>${html}</b>` }} />;
}

export function Clean() {
  const [params] = useSearchParams();
  const text = DOMPurify.sanitize(params.get('text'));
  // ok: react-dangerous-html
  return <div dangerouslySetInnerHTML={{ __html: text }} />;
}

export function Fixed() {
  // ok: react-dangerous-html
  return <div dangerouslySetInnerHTML={{ __html: '<b>hello</b>' }} />;
}
