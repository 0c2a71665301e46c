-- What the tests of PostGIS read.
create extension postgis;

create table 设施 (
  gid int primary key, 名称 text, 类别 text, 床位数 int, 建筑面积 numeric(10, 2), 投用日期 date,
  电梯 boolean, 功能 text[], geom geometry(Point, 4326)
);
insert into 设施 values
  (2, '乙站', '日间照料', null, 350.5, '2016-05-01', null, null, 'SRID=4326;POINT(118.91 42.26)'),
  (1, '甲站', '社区养老服务站', 20, null, null, true, '{餐,浴}', 'SRID=4326;POINT(118.9 42.26)');
create view 设施视图 as select * from 设施;
create materialized view 设施快照 as select * from 设施;
create table 空表 (like 设施);

create table 有序 (名称 text, 类别 text, 序 int primary key, geom geometry);
insert into 有序 values
  ('甲', '日间照料', 1, 'SRID=4326;POINT(118.9 42.26)'),
  ('乙', '日间照料', 2, 'SRID=4326;POINT(118.9 42.26)');
create view 有序视图 as select * from 有序;

create table 球面 (名称 text, 类别 text, geom geography(Point, 4326));
insert into 球面 values ('甲站', '日间照料', 'POINT(118.9 42.26)');

create table 曲线 (名称 text, 类别 text, geom geometry);
insert into 曲线 values ('甲', '日间照料',
  'SRID=4549;CURVEPOLYGON Z (CIRCULARSTRING Z
    (500000 4680000 5, 500200 4680000 5, 500000 4680000 5))');

create table 无坐标系 (名称 text, 类别 text, geom geometry);
insert into 无坐标系 values ('甲', '日间照料', 'POINT(118.9 42.26)');

create table 混用 (名称 text, 类别 text, geom geometry);
insert into 混用 values
  ('甲', '日间照料', 'SRID=4326;POINT(118.9 42.26)'),
  ('乙', '日间照料', 'SRID=4549;POINT(500000 4680000)');

create table 两列 (名称 text, 类别 text, 老 geometry, 新 geometry);
insert into 两列 values ('甲', '日间照料', 'SRID=4326;POINT(1 2)', 'SRID=4326;POINT(3 4)');

create table 未知坐标系 (名称 text, 类别 text, geom geometry);
insert into spatial_ref_sys values (990001, 'OURS', 1, 'no wkt', '');
insert into 未知坐标系 values ('甲', '日间照料', 'SRID=990001;POINT(1 2)');

create domain 件数 as int check (value >= 0);
create table 各类型 (
  a smallint, b bigint, c bigint, d double precision, e real, f numeric, g numeric(18, 0),
  h timestamptz, i date, j json, k boolean, l money, m uuid, n 件数, o int[], geom geometry
);
insert into 各类型 values
  (1, 9007199254740993, 150404000000000001, 1.5, 0.1, 0.12, 150404000000000001,
    '2020-02-03 12:00', 'infinity', '{"a": [1]}', true, 12.5,
    'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 7, '{1,2}', null),
  (2, 5, null, null, null, null, null, null, null, null, false, null, null, null, null,
    'SRID=4326;POINT(1 2)');

create table 台账 (名称 text, 类别 text, 经度 numeric, 纬度 numeric);
insert into 台账 values ('甲站', '日间照料', 118.9, 42.26);

create schema 民政;
create table 民政.设施 as select * from public.设施;
create table 民政."a.b" as select * from public.设施 where gid = 1;

create table 机密 (名称 text, 类别 text, geom geometry);
create table 半密 (名称 text, 类别 text, 身份证 text, geom geometry);
insert into 半密 values ('甲', '日间照料', 'secret', 'SRID=4326;POINT(118.9 42.26)');
create table 半账 (名称 text, 类别 text, 身份证 text, 经度 float, 纬度 float);
insert into 半账 values ('甲', '日间照料', 'secret', 118.9, 42.26);

-- Views by someone who means no good.
create view 慢视图 as select 名称, 类别, geom, pg_sleep(30)::text from 设施;
create function stubborn() returns text language plpgsql as $$
begin
  perform set_config('statement_timeout', '0', false);
  for n in 1..10 loop
    begin perform pg_sleep(3); exception when query_canceled then null; end;
  end loop;
  return '';
end $$;
create view 顽固视图 as select 名称, 类别, geom, stubborn() from 设施;
create function writes() returns text language plpgsql as $$
begin delete from 设施; return 'gone'; end $$;
create view 删除视图 as select 名称, 类别, geom, writes() from 设施;
-- Look-alikes of what we call, in a schema that may stand before PostGIS's own.
create function public.st_asbinary(text) returns bytea language sql as $$ select '\x00'::bytea $$;
create function public.has_any_column_privilege(oid, text) returns boolean language sql
  as $$ select false $$;

create role reader login password 's3cret-Leser';
grant select on all tables in schema public to reader;
revoke select on 机密, 半密, 半账 from reader;
grant select (名称, 类别, geom) on 半密 to reader;
grant select (名称, 类别, 经度, 纬度) on 半账 to reader;
